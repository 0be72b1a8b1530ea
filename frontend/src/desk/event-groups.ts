/** Events as rows to read: what one vehicle did in one go is one row, so that a border that it follows does not fill the screen. Pure. */
import type { LogEntry } from './event-log.ts';

export interface EventGroup {
  readonly kind: 'crossing' | 'message' | 'alert' | 'gap';
  /** Newest first, one at least. */
  readonly entries: readonly LogEntry[];
  /** Regions it is out of and in now, seen from before the group. */
  readonly left: readonly string[];
  readonly entered: readonly string[];
}

/** Whatever follows the one before within this time belongs to it. */
const TOGETHER_MS = 60_000;

type Growing = { kind: EventGroup['kind']; entries: LogEntry[] };

/** `entries` newest first; at most `most` groups, by their newest event. */
export function groupEvents(entries: readonly LogEntry[], most: number): readonly EventGroup[] {
  const groups: Growing[] = [];
  const open = new Map<string, Growing>();
  for (const entry of entries) {
    const kind = kindOf(entry);
    const who = `${kind} ${entry.vehicle} ${entry.isFromDriver} ${entry.isLate} ${entry.alert?.id}`;
    const group = open.get(who);
    if (kind !== 'gap' && group !== undefined && isTogether(group, entry)) {
      group.entries.push(entry);
      continue;
    }
    const next = { kind, entries: [entry] };
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

function isTogether({ entries }: Growing, entry: LogEntry): boolean {
  return (entries.at(-1)?.timeMs ?? 0) - entry.timeMs <= TOGETHER_MS;
}

function finish({ kind, entries }: Growing): EventGroup {
  const newest = new Map<string, LogEntry>();
  for (const entry of entries) {
    if (entry.region !== null && !newest.has(entry.region)) newest.set(entry.region, entry);
  }
  const regionsOf = (wanted: string) =>
    [...newest].filter(([, entry]) => entry.kind === wanted).map(([region]) => region);
  return { kind, entries, left: regionsOf('exit'), entered: regionsOf('enter') };
}

function kindOf({ kind }: LogEntry): EventGroup['kind'] {
  return kind === 'enter' || kind === 'exit' ? 'crossing' : kind;
}
