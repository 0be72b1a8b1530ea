/** What happened lately, newest first, a bounded number of events. No DOM, no clock. */
import { isNumber, isRecord, isText } from '../guards.ts';
import type { FleetEvent } from '../protocol.ts';
import type { KeptMessage } from './threads.ts';

export interface LogEntry {
  readonly id: number | string;
  readonly kind: 'enter' | 'exit' | 'message' | 'gap';
  readonly timeMs: number;
  /** Slug and name; empty in a gap. */
  readonly vehicle: string;
  readonly name: string;
  /** A crossing's region (slug). */
  readonly region: string | null;
  /** Of a message. */
  readonly isFromDriver: boolean;
  readonly text: string;
}

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
    this.#coming.push(...entries.filter(({ id }) => !this.#ids.has(id) && this.#ids.add(id)));
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
  };
}

export function isLoggedEvent(value: unknown): value is LoggedEvent {
  return isRecord(value) && isText(value.kind) && isText(value.time) && isRecord(value.data);
}

const NOBODY = { vehicle: '', name: '', region: null, isFromDriver: false, text: '' };

type Common = Omit<LogEntry, 'kind' | 'isFromDriver' | 'text'> & { readonly kind: string };

function entryOf(common: Common, data: Readonly<Record<string, unknown>>): LogEntry | null {
  const { kind } = common;
  if (kind === 'enter' || kind === 'exit') return { ...common, kind, isFromDriver: false, text: '' };
  if (kind !== 'message' || !isText(data.text) || !isNumber(data.message)) return null;
  const id = messageId(data.message);
  return { ...common, id, kind, isFromDriver: data.from_driver === true, text: data.text };
}

/** A message is the same one, whether its event was told or it was found among the messages. */
function messageId(message: number): string {
  return `message.${message}`;
}

function newestFirst(a: LogEntry, b: LogEntry): number {
  return b.timeMs - a.timeMs || (isNumber(a.id) && isNumber(b.id) ? b.id - a.id : 0);
}
