/** What the processes of an installation tell about themselves. */
import { isListOf, isNumber, isNumberOrNull, isRecord, isText } from '../guards.ts';

export type Counts = Readonly<Record<string, number>>;

export interface Counters {
  readonly messages_in: number;
  readonly frames_out: number;
  readonly bytes_out: number;
  readonly fixes_stored: number;
  readonly fixes_duplicate: number;
  readonly fixes_refused: Counts;
  readonly commits: { readonly count: number; readonly total_s: number };
  readonly ticks: { readonly count: number; readonly total_s: number };
  readonly conflated: number;
  readonly resumes: Counts;
  readonly gaps: Counts;
  readonly closes: Counts;
}

export interface ConnectionReport {
  readonly connection: string;
  readonly transport: string;
  /** Null for a device. */
  readonly user: number | null;
  readonly rooms: readonly string[];
  readonly age_s: number;
  readonly unacknowledged: number;
}

export interface ProcessReport {
  readonly process: string;
  readonly pid: number;
  readonly host: string;
  readonly server: string;
  readonly uptime_s: number;
  readonly is_draining: boolean;
  readonly is_bus_stale: boolean;
  readonly under_way: Counts;
  readonly counters: Counters;
  readonly connections: readonly ConnectionReport[];
}

export interface Reports {
  readonly processes: readonly ProcessReport[];
  /** Names by id. */
  readonly users: Readonly<Record<string, string>>;
}

/** Of the figures only what every page reads. */
export function isProcessReport(value: unknown): value is ProcessReport {
  return (
    isRecord(value) &&
    [value.process, value.host, value.server].every(isText) &&
    [value.pid, value.uptime_s].every(isNumber) &&
    isRecord(value.under_way) &&
    isRecord(value.counters) &&
    isRecord(value.counters.commits) &&
    isRecord(value.counters.ticks) &&
    isListOf(value.connections, isConnection)
  );
}

function isConnection(value: unknown): boolean {
  return (
    isRecord(value) &&
    isText(value.connection) &&
    isText(value.transport) &&
    isNumberOrNull(value.user) &&
    isListOf(value.rooms, isText) &&
    isNumber(value.age_s) &&
    isNumber(value.unacknowledged)
  );
}

export interface Rates {
  readonly fixes_per_s: number;
  readonly messages_per_s: number;
  readonly frames_per_s: number;
  readonly bytes_per_s: number;
  /** Null when there was none. */
  readonly commit_ms: number | null;
  readonly tick_ms: number | null;
}

/** Between two reports of one process; null when they are not, or tell of the same moment. */
export function ratesBetween(before: ProcessReport | undefined, after: ProcessReport): Rates | null {
  if (before === undefined || after.uptime_s <= before.uptime_s) return null;
  const elapsed_s = after.uptime_s - before.uptime_s;
  const [old, now] = [before.counters, after.counters];
  return {
    fixes_per_s: (now.fixes_stored - old.fixes_stored) / elapsed_s,
    messages_per_s: (now.messages_in - old.messages_in) / elapsed_s,
    frames_per_s: (now.frames_out - old.frames_out) / elapsed_s,
    bytes_per_s: (now.bytes_out - old.bytes_out) / elapsed_s,
    commit_ms: meanMs(old.commits, now.commits),
    tick_ms: meanMs(old.ticks, now.ticks),
  };
}

function meanMs(old: Counters['ticks'], now: Counters['ticks']): number | null {
  const count = now.count - old.count;
  return count === 0 ? null : (1000 * (now.total_s - old.total_s)) / count;
}
