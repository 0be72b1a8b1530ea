/** Which rules and vehicles this person wants to hear nothing of, and until when. No DOM, no clock. */
import { isNumber, isRecord, isText } from '../guards.ts';
import type { LogEntry } from './event-log.ts';

/** As the server lists them. */
export interface SnoozedRule {
  readonly rule_id: number;
  readonly vehicle: string;
  readonly until_time: string;
}

export function isSnoozedRule(value: unknown): value is SnoozedRule {
  return isRecord(value) && isNumber(value.rule_id) && isText(value.vehicle) && isText(value.until_time);
}

export class Snoozes {
  /** Until when, by rule and vehicle. */
  #untilMs = new Map<string, number>();

  /** All that last. */
  replace(snoozed: readonly SnoozedRule[]): void {
    this.#untilMs = new Map(
      snoozed.map(({ rule_id: rule, vehicle, until_time: until }) => [
        keyOf(rule, vehicle),
        Date.parse(until),
      ]),
    );
  }

  /** Null: is to be heard of. */
  untilMs({ alert, vehicle }: LogEntry, nowMs: number): number | null {
    if (alert === null || alert.ruleId === null) return null;
    const untilMs = this.#untilMs.get(keyOf(alert.ruleId, vehicle)) ?? 0;
    return untilMs > nowMs ? untilMs : null;
  }

  /** Of the alerts, those whose snooze has ended since this was asked last. */
  takeEnded(entries: readonly LogEntry[], nowMs: number): readonly LogEntry[] {
    const ended = new Set<string>();
    for (const [key, untilMs] of this.#untilMs)
      if (untilMs <= nowMs && this.#untilMs.delete(key)) ended.add(key);
    if (ended.size === 0) return [];
    return entries.filter(
      ({ alert, vehicle }) =>
        alert !== null && alert.ruleId !== null && ended.has(keyOf(alert.ruleId, vehicle)),
    );
  }
}

function keyOf(rule: number, vehicle: string): string {
  return `${rule} ${vehicle}`;
}
