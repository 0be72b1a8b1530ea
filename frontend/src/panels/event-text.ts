/** What happened, in words. */
import type { EventGroup } from '../desk/event-groups.ts';
import type { LogEntry } from '../desk/event-log.ts';
import { minuteText } from '../format.ts';

/** How slugs are called. */
export interface EventNames {
  vehicle(entry: LogEntry): string;
  region(slug: string): string;
  /** Null: its alert is to be heard of. */
  snoozedUntilMs(entry: LogEntry): number | null;
}

export function groupName({ kind, vehicles }: EventGroup, newest: LogEntry, names: EventNames): string {
  if (kind === 'gap') return 'Events are missing';
  return vehicles.length > 1 ? `${vehicles.length} vehicles` : names.vehicle(newest);
}

export function namesOf({ entries, vehicles }: EventGroup, names: EventNames): string {
  const newest = vehicles.flatMap((vehicle) => entries.find((entry) => entry.vehicle === vehicle) ?? []);
  return newest.map((entry) => names.vehicle(entry)).join(', ');
}

export function whatOf({ kind, left, entered }: EventGroup, newest: LogEntry, names: EventNames): string {
  if (kind === 'gap') return `before ${minuteText(newest.timeMs)}; show the log`;
  if (kind === 'message') return newest.isFromDriver ? newest.text : `To the driver: ${newest.text}`;
  if (kind === 'alert') return alertText(newest, names);
  const late = newest.isLate ? ', told late' : '';
  const [from, to] = [left, entered].map((slugs) => slugs.map((slug) => names.region(slug)).join(', '));
  if (from && to) return `${from} → ${to}${late}`;
  return `${to ? `entered ${to}` : `left ${from}`}${late}`;
}

/** The rule, where, and what became of it. */
export function alertText({ text, region, alert }: LogEntry, names: EventNames): string {
  const where = region === null ? '' : ` in ${names.region(region)}`;
  const noted = alert?.by ? `, noted by ${alert.by}` : '';
  return `${text}${where}${alert?.isOver ? ', over' : ''}${noted}`;
}
