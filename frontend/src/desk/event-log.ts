/** What happened lately, newest first, a bounded number of events. No DOM, no clock. */
import { isNumber, isRecord, isText } from '../guards.ts';
import type { FleetEvent } from '../protocol.ts';
import type { KeptMessage } from './threads.ts';

export interface LogEntry {
  readonly id: number | string;
  readonly kind: 'enter' | 'exit' | 'message' | 'alert' | 'gap';
  readonly timeMs: number;
  /** Slug and name; empty in a gap. */
  readonly vehicle: string;
  readonly name: string;
  /** A crossing's region (slug). */
  readonly region: string | null;
  /** Of a message. */
  readonly isFromDriver: boolean;
  /** A message's, or the name of the rule that was broken. */
  readonly text: string;
  /** Told by late fixes: it is history, and no news. */
  readonly isLate: boolean;
  readonly alert: AlertState | null;
}

export interface AlertState {
  readonly id: number;
  /** Null in events of old. */
  readonly ruleId: number | null;
  readonly isOver: boolean;
  /** Who has taken note of it; empty: nobody. */
  readonly by: string;
}

/** What a later event says of an earlier entry: it is taken back, or its alert is over or noted. */
export type Amendment =
  | { readonly what: 'retract'; readonly id: number }
  | { readonly what: 'over'; readonly id: string }
  | { readonly what: 'noted'; readonly id: string; readonly by: string };

/** As the REST log has it. */
export interface LoggedEvent {
  readonly id: number;
  readonly kind: string;
  readonly vehicle: string | null;
  readonly region: string | null;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const MOST_ENTRIES = 500;

export class EventLog {
  readonly #ids = new Set<number | string>();
  #entries: LogEntry[] = [];
  /** Not in their places yet: after a pause thousands come in one go. */
  #coming: LogEntry[] = [];
  readonly #amendments = new Map<number | string, Amendment[]>();

  /** Newest first; the same array until something is added. */
  get entries(): readonly LogEntry[] {
    if (this.#coming.length === 0) return this.#entries;
    this.#entries = [...this.#entries, ...this.#coming].sort(newestFirst);
    this.#coming = [];
    for (const { id } of this.#entries.splice(MOST_ENTRIES)) this.#ids.delete(id);
    return this.#entries;
  }

  /** Those that are known already change nothing. */
  add(entries: readonly LogEntry[]): void {
    const fresh = entries.filter(({ id }) => !this.#ids.has(id) && this.#ids.add(id));
    this.#coming.push(...fresh.flatMap((entry) => this.#amended(entry) ?? []));
  }

  /** May come before what it is about. */
  amend(amendment: Amendment): void {
    const { id } = amendment;
    const known = this.#amendments.get(id) ?? [];
    if (known.some(({ what }) => what === amendment.what)) return;
    this.#amendments.set(id, [...known, amendment]);
    if (!this.#ids.has(id)) return;
    this.#entries = this.entries.flatMap((entry) => (entry.id === id ? (this.#amended(entry) ?? []) : entry));
  }

  /** Null for what was taken back. */
  #amended(entry: LogEntry): LogEntry | null {
    let { alert } = entry;
    for (const amendment of this.#amendments.get(entry.id) ?? []) {
      if (amendment.what === 'retract') return null;
      if (alert === null) continue;
      if (amendment.what === 'over') alert = { ...alert, isOver: true };
      else alert = { ...alert, by: amendment.by };
    }
    return alert === entry.alert ? entry : { ...entry, alert };
  }

  /** A gap that was filled, or that nobody can fill. */
  remove(id: number | string): void {
    if (this.#ids.delete(id)) this.#entries = this.entries.filter((entry) => entry.id !== id);
  }

  /** From when on a gap has to be filled: the last that is known before it, or an hour, as the log may be empty. */
  missingSinceMs(gap: LogEntry): number {
    const before = this.entries.find(({ kind, timeMs }) => kind !== 'gap' && timeMs < gap.timeMs);
    return before?.timeMs ?? gap.timeMs - 3_600_000;
  }
}

/** Null for what the log does not show, as receipts. */
export function entryOfEvent(event: FleetEvent): LogEntry | null {
  const { kind, event_id: id, time: timeMs } = event;
  if (kind === 'gap') return { ...NOBODY, id, kind, timeMs };
  const info = event.vehicles?.[String(event.vehicle)];
  if (info === undefined) return null;
  const region = isText(event.region) ? event.region : null;
  return entryOf({ id, kind, timeMs, vehicle: info.slug, name: info.name, region }, event.data);
}

/** The name is found by who shows it. */
export function entryOfLogged(logged: LoggedEvent): LogEntry | null {
  const { id, kind, vehicle, region } = logged;
  if (vehicle === null) return null;
  return entryOf({ id, kind, timeMs: Date.parse(logged.time), vehicle, name: vehicle, region }, logged.data);
}

/** Of a message that waits to be read and was told in no room that is watched. */
export function entryOfKept(kept: KeptMessage): LogEntry | null {
  const { id, vehicle, from_driver: isFromDriver, text } = kept;
  if (vehicle === null) return null;
  const timeMs = Date.parse(kept.sent_time);
  return {
    id: messageId(id),
    kind: 'message',
    timeMs,
    vehicle,
    name: vehicle,
    region: null,
    isFromDriver,
    text,
    isLate: false,
    alert: null,
  };
}

/** As the list of alerts has it. */
export interface RaisedAlert {
  readonly id: number;
  readonly rule: string;
  readonly rule_id: number;
  readonly vehicle: string | null;
  readonly region: string | null;
  readonly start_time: string;
}

export function isRaisedAlert(value: unknown): value is RaisedAlert {
  return (
    isRecord(value) &&
    isNumber(value.id) &&
    isText(value.rule) &&
    isNumber(value.rule_id) &&
    isText(value.start_time)
  );
}

/** Of an alert that lasts and that nobody has noted. */
export function entryOfRaised(raised: RaisedAlert): LogEntry | null {
  const { id, vehicle, region, rule, rule_id } = raised;
  if (vehicle === null) return null;
  const timeMs = Date.parse(raised.start_time);
  return entryOf({ id, kind: 'alert', timeMs, vehicle, name: vehicle, region }, { alert: id, rule, rule_id });
}

/** Null for an event that is an entry of its own, or none at all. */
export function amendmentOf(kind: string, data: Readonly<Record<string, unknown>>): Amendment | null {
  if (kind === 'retract' && isNumber(data.event_id)) return { what: 'retract', id: data.event_id };
  if (!isNumber(data.alert)) return null;
  const id = alertId(data.alert);
  if (kind === 'alert_end') return { what: 'over', id };
  if (kind === 'acknowledged' && isText(data.by)) return { what: 'noted', id, by: data.by };
  return null;
}

export function isLoggedEvent(value: unknown): value is LoggedEvent {
  return isRecord(value) && isText(value.kind) && isText(value.time) && isRecord(value.data);
}

const PLAIN = { isFromDriver: false, text: '', isLate: false, alert: null };
const NOBODY = { ...PLAIN, vehicle: '', name: '', region: null };

type Common = Omit<LogEntry, 'kind' | keyof typeof PLAIN> & { readonly kind: string };

function entryOf(common: Common, data: Readonly<Record<string, unknown>>): LogEntry | null {
  const { kind } = common;
  if (kind === 'enter' || kind === 'exit') return { ...common, ...PLAIN, kind, isLate: data.late === true };
  if (kind === 'alert' && isNumber(data.alert) && isText(data.rule)) {
    const ruleId = isNumber(data.rule_id) ? data.rule_id : null;
    const alert = { id: data.alert, ruleId, isOver: false, by: '' };
    return { ...common, ...PLAIN, id: alertId(data.alert), kind, text: data.rule, alert };
  }
  if (kind !== 'message' || !isText(data.text) || !isNumber(data.message)) return null;
  const id = messageId(data.message);
  return { ...common, ...PLAIN, id, kind, isFromDriver: data.from_driver === true, text: data.text };
}

/** A message is the same one, whether its event was told or it was found among the messages. */
function messageId(message: number): string {
  return `message.${message}`;
}

/** An alert is the same one, whether its event was told or it was found among the alerts. */
function alertId(alert: number): string {
  return `alert.${alert}`;
}

function newestFirst(a: LogEntry, b: LogEntry): number {
  return b.timeMs - a.timeMs || (isNumber(a.id) && isNumber(b.id) ? b.id - a.id : 0);
}
