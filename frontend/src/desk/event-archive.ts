/** Fills the log of events from the server's: what happened before the page was opened, and what a gap hides. No DOM. */
import { loadPages } from '../rest.ts';
import {
  amendmentOf,
  type EventLog,
  entryOfLogged,
  entryOfRaised,
  isLoggedEvent,
  isRaisedAlert,
  type LogEntry,
} from './event-log.ts';

/** Enough to see what is going on; older events are a question for reports. */
export const BEFORE_OPENING_MS = 30 * 60_000;
const PAGE = 1000;
const MOST_PAGES = 3;

export class EventArchive {
  readonly #log: EventLog;
  readonly #url: string;

  constructor(log: EventLog, url: string) {
    this.#log = log;
    this.#url = url;
  }

  /** Throws when the server does not answer. */
  async loadRecent(nowMs: number): Promise<void> {
    await this.#load(nowMs - BEFORE_OPENING_MS, nowMs);
  }

  /** The gap stays when more is hidden than can be shown; throws when the server does not answer. */
  async fill(gap: LogEntry): Promise<void> {
    const isWhole = await this.#load(this.#log.missingSinceMs(gap), gap.timeMs + 1);
    if (isWhole) this.#log.remove(gap.id);
  }

  /** Alerts that last and that nobody has noted, however old. Throws when the server does not answer. */
  async loadAlerts(url: string): Promise<void> {
    const params = { open: 'true', acknowledged: 'false', limit: PAGE };
    const { items } = await loadPages(url, params, isRaisedAlert, MOST_PAGES);
    this.#log.add(items.flatMap((raised) => entryOfRaised(raised) ?? []));
  }

  async #load(fromMs: number, toMs: number): Promise<boolean> {
    const params = { from: instant(fromMs), to: instant(toMs), limit: PAGE };
    const { items, next } = await loadPages(this.#url, params, isLoggedEvent, MOST_PAGES);
    for (const { kind, data } of items) {
      const amendment = amendmentOf(kind, data);
      if (amendment !== null) this.#log.amend(amendment);
    }
    this.#log.add(items.flatMap((logged) => entryOfLogged(logged) ?? []));
    return next === null;
  }
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
