/** What to say of alerts that come: at once, and once for all that break one rule within a minute. No DOM, no clock. */
import { type EventGroup, groupOf, ruleOf } from './event-groups.ts';
import type { LogEntry } from './event-log.ts';

export interface Call {
  readonly rule: string;
  readonly group: EventGroup;
  /** What follows within the minute is shown, and makes no noise. */
  readonly isFirst: boolean;
}

const QUIET_MS = 60_000;
/** An older alert is told of because the connection was away: it is in the log. */
const NEWS_MS = 120_000;

export class AlertBell {
  readonly #rung = new Map<string, { readonly atMs: number; readonly entries: LogEntry[] }>();
  readonly #known = new Set<LogEntry['id']>();

  /** Null: is no news. */
  hear(entry: LogEntry, nowMs: number): Call | null {
    if (entry.kind !== 'alert' || this.#known.has(entry.id) || nowMs - entry.timeMs > NEWS_MS) return null;
    return this.ring(entry, nowMs);
  }

  /** Also of one that is old. */
  ring(entry: LogEntry, nowMs: number): Call {
    this.#known.add(entry.id);
    const rule = ruleOf(entry);
    const before = this.#rung.get(rule);
    const isFirst = before === undefined || nowMs - before.atMs >= QUIET_MS;
    const entries = [entry, ...(isFirst ? [] : before.entries.filter(({ id }) => id !== entry.id))];
    this.#rung.set(rule, { atMs: isFirst ? nowMs : before.atMs, entries });
    return { rule, group: groupOf(entries), isFirst };
  }
}
