/** Alerts as they come, and what one does about them: takes note, or snoozes their rule and vehicle; the server keeps both. */
import { onComeback } from '../comeback.ts';
import type { EventGroup } from '../desk/event-groups.ts';
import type { LogEntry } from '../desk/event-log.ts';
import { snoozeTimes } from '../desk/snooze-times.ts';
import { isSnoozedRule, Snoozes } from '../desk/snoozes.ts';
import type { EventNames } from '../panels/event-text.ts';
import { SnoozeMenu } from '../panels/snooze-menu.ts';
import { loadPages, post, send } from '../rest.ts';
import { t } from '../texts.ts';
import { LiveCalls } from './live-calls.ts';

export interface LiveAlertsOptions {
  readonly alertsUrl: string;
  /** Where new ones show. */
  readonly container: HTMLElement;
  readonly names: EventNames;
  /** In which tomorrow begins. */
  readonly zone: string;
  /** By the server's clock. */
  nowMs(): number;
  /** The vehicles, by slug. */
  onPick(vehicles: readonly string[]): void;
  say(text: string): void;
}

export class LiveAlerts {
  readonly #options: LiveAlertsOptions;
  readonly #snoozes = new Snoozes();
  readonly #menu = new SnoozeMenu();
  readonly calls: LiveCalls;

  constructor(options: LiveAlertsOptions) {
    this.#options = options;
    this.calls = new LiveCalls({
      ...options,
      onShow: ({ vehicles }) => options.onPick(vehicles),
      onAcknowledge: (group) => void this.acknowledge(group),
      onSnooze: (group, button) => this.offerSnooze(group, button),
    });
    // Another screen may have snoozed meanwhile.
    onComeback(() => void this.load().catch(() => undefined));
  }

  /** Throws when the server does not answer. */
  async load(): Promise<void> {
    this.#snoozes.replace((await loadPages(`${this.#options.alertsUrl}/snoozes`, {}, isSnoozedRule)).items);
  }

  /** It has just come; another screen may have snoozed its rule a moment ago. */
  async happened(entry: LogEntry): Promise<void> {
    await this.load().catch(() => undefined);
    if (this.snoozedUntilMs(entry) === null) this.calls.hear(entry);
  }

  /** Several times a second, with what is known of all of them. */
  tick(entries: readonly LogEntry[]): void {
    const nowMs = this.#options.nowMs();
    for (const entry of this.#snoozes.takeEnded(entries, nowMs))
      if (isUnnoted(entry) && entry.alert?.isOver === false) this.calls.recall(entry);
    const waiting = new Set(entries.filter(isUnnoted).map(({ id }) => id));
    this.calls.sweep((group) =>
      group.entries.every((entry) => !waiting.has(entry.id) || this.snoozedUntilMs(entry) !== null),
    );
  }

  /** Null: is to be heard of. */
  snoozedUntilMs(entry: LogEntry): number | null {
    return this.#snoozes.untilMs(entry, this.#options.nowMs());
  }

  /** Those that wait for somebody to take note of them. */
  waiting(entries: readonly LogEntry[]): number {
    return entries.filter((entry) => isUnnoted(entry) && this.snoozedUntilMs(entry) === null).length;
  }

  /** The event that follows says that it is done. */
  async acknowledge({ entries }: EventGroup): Promise<void> {
    try {
      for (const { alert } of entries.filter(isUnnoted)) {
        await post(`${this.#options.alertsUrl}/${alert?.id}/acknowledge`);
      }
    } catch {
      this.#options.say(t('The alert was not acknowledged; try again.'));
    }
  }

  /** Asks at the button for how long. */
  offerSnooze(group: EventGroup, anchor: HTMLElement): void {
    const { nowMs, zone } = this.#options;
    this.#menu.open(anchor, snoozeTimes(nowMs(), zone), {
      isSnoozed: group.entries.some((entry) => this.snoozedUntilMs(entry) !== null),
      choose: (untilMs) => void this.#snooze(group, untilMs),
    });
  }

  async #snooze({ entries, vehicles }: EventGroup, untilMs: number | null): Promise<void> {
    const newest = vehicles.flatMap((vehicle) => entries.find((entry) => entry.vehicle === vehicle) ?? []);
    const body = untilMs === null ? undefined : { until_time: new Date(untilMs).toISOString() };
    for (const { alert } of newest) {
      const url = `${this.#options.alertsUrl}/${alert?.id}/snooze`;
      const { problem } = await send(untilMs === null ? 'DELETE' : 'PUT', url, body);
      if (problem !== null) this.#options.say(problem.detail);
      if (problem !== null) break;
    }
    await this.load().catch(() => undefined);
  }
}

function isUnnoted({ alert }: LogEntry): boolean {
  return alert !== null && alert.by === '';
}
