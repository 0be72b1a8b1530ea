/** Events as rows to read: what belongs together is one row, so that neither a border that is followed nor a rule that many break fills the screen. Pure. */
import type { LogEntry } from './event-log.ts';

export interface EventGroup {
  readonly kind: 'crossing' | 'message' | 'alert' | 'gap';
  /** Newest first, one at least. */
  readonly entries: readonly LogEntry[];
  /** Regions it is out of and in now, seen from before the group. */
  readonly left: readonly string[];
  readonly entered: readonly string[];
  /** By slug, each once, newest first: several only where many break one rule. */
  readonly vehicles: readonly string[];
}

/** Whatever follows the one before within this time belongs to it. */
const TOGETHER_MS = 60_000;
/** A rule that a vehicle keeps breaking: an alert ends after a minute of peace at the earliest. */
const AGAIN_MS = 30 * 60_000;
/** So many vehicles that break one rule at a time are one row. */
const STORM_VEHICLES = 4;

type Growing = { readonly kind: EventGroup['kind']; readonly entries: LogEntry[] };

/** `entries` newest first; at most `most` groups, by their newest event. */
export function groupEvents(entries: readonly LogEntry[], most: number): readonly EventGroup[] {
  const storms = stormsOf(entries);
  const groups: Growing[] = [];
  const open = new Map<string | Growing, Growing>();
  for (const entry of entries) {
    const who = storms.get(entry) ?? ownerOf(entry);
    const group = open.get(who);
    if (group !== undefined && (typeof who !== 'string' || isTogether(group, entry))) {
      group.entries.push(entry);
      continue;
    }
    const next = { kind: kindOf(entry), entries: [entry] };
    open.set(who, next);
    groups.push(next);
  }
  return groups.slice(0, most).map(finish);
}

/** The rows that somebody reads, in their places, with what has become known of them; none comes and none goes. */
export function amendedGroups(
  held: readonly EventGroup[],
  newest: readonly EventGroup[],
): readonly EventGroup[] {
  const byId = new Map(newest.map((group) => [newestId(group), group]));
  return held.map((group) => byId.get(newestId(group)) ?? group);
}

/** A group that went on is as new as one that began. */
export function newestId({ entries }: EventGroup): LogEntry['id'] | undefined {
  return entries[0]?.id;
}

/** What an alert is about, whichever vehicle: its rule, or what is known of it. */
export function ruleOf({ alert, text, region }: LogEntry): string {
  return alert?.ruleId == null ? `${text} ${region}` : String(alert.ruleId);
}

/** Of alerts of one rule, newest first. */
export function groupOf(entries: readonly LogEntry[]): EventGroup {
  return finish({ kind: 'alert', entries: [...entries] });
}

/** The alerts that many vehicles made at a time, each with the run that it belongs to. */
function stormsOf(entries: readonly LogEntry[]): ReadonlyMap<LogEntry, Growing> {
  const runs: Growing[] = [];
  const open = new Map<string, Growing>();
  for (const entry of entries) {
    if (entry.kind !== 'alert') continue;
    const run = open.get(ruleOf(entry));
    if (run !== undefined && isTogether(run, entry, TOGETHER_MS)) {
      run.entries.push(entry);
      continue;
    }
    const next: Growing = { kind: 'alert', entries: [entry] };
    open.set(ruleOf(entry), next);
    runs.push(next);
  }
  const storms = runs.filter((run) => vehiclesOf(run).length >= STORM_VEHICLES);
  return new Map(storms.flatMap((run) => run.entries.map((entry) => [entry, run] as const)));
}

function ownerOf(entry: LogEntry): string {
  if (entry.kind === 'gap') return `gap ${entry.id}`;
  if (entry.kind === 'alert') return `alert ${ruleOf(entry)} ${entry.vehicle}`;
  return `${kindOf(entry)} ${entry.vehicle} ${entry.isFromDriver} ${entry.isLate}`;
}

function isTogether({ kind, entries }: Growing, entry: LogEntry, withinMs?: number): boolean {
  const mostMs = withinMs ?? (kind === 'alert' ? AGAIN_MS : TOGETHER_MS);
  return (entries.at(-1)?.timeMs ?? 0) - entry.timeMs <= mostMs;
}

function finish(group: Growing): EventGroup {
  const { kind, entries } = group;
  const newest = new Map<string, LogEntry>();
  for (const entry of entries) {
    if (entry.region !== null && !newest.has(entry.region)) newest.set(entry.region, entry);
  }
  const regionsOf = (wanted: string) =>
    [...newest].filter(([, entry]) => entry.kind === wanted).map(([region]) => region);
  return { kind, entries, left: regionsOf('exit'), entered: regionsOf('enter'), vehicles: vehiclesOf(group) };
}

function vehiclesOf({ entries }: Growing): readonly string[] {
  return [...new Set(entries.map(({ vehicle }) => vehicle))];
}

function kindOf({ kind }: LogEntry): EventGroup['kind'] {
  return kind === 'enter' || kind === 'exit' ? 'crossing' : kind;
}
