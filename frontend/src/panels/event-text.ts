/** What happened, in words. */
import type { EventGroup } from '../desk/event-groups.ts';
import type { LogEntry } from '../desk/event-log.ts';
import { minuteText } from '../format.ts';
import { counted, t } from '../texts.ts';

/** How slugs are called. */
export interface EventNames {
  vehicle(entry: LogEntry): string;
  region(slug: string): string;
  /** Null: its alert is to be heard of. */
  snoozedUntilMs(entry: LogEntry): number | null;
}

export function groupName({ kind, vehicles }: EventGroup, newest: LogEntry, names: EventNames): string {
  if (kind === 'gap') return t('Events are missing');
  return vehicles.length > 1
    ? counted('{count} vehicle', '{count} vehicles', vehicles.length)
    : names.vehicle(newest);
}

export function namesOf({ entries, vehicles }: EventGroup, names: EventNames): string {
  const newest = vehicles.flatMap((vehicle) => entries.find((entry) => entry.vehicle === vehicle) ?? []);
  return newest.map((entry) => names.vehicle(entry)).join(', ');
}

export function whatOf({ kind, left, entered }: EventGroup, newest: LogEntry, names: EventNames): string {
  if (kind === 'gap') return t('before {time}; show the log', { time: minuteText(newest.timeMs) });
  if (kind === 'message')
    return newest.isFromDriver ? newest.text : t('To the driver: {text}', { text: newest.text });
  if (kind === 'alert') return alertText(newest, names);
  const late = newest.isLate ? `, ${t('told late')}` : '';
  const [from, to] = [left, entered].map((slugs) => slugs.map((slug) => names.region(slug)).join(', '));
  if (from && to) return `${from} → ${to}${late}`;
  return (to ? t('entered {region}', { region: to }) : t('left {region}', { region: from ?? '' })) + late;
}

/** The rule, where, and what became of it. */
export function alertText({ text, region, alert }: LogEntry, names: EventNames): string {
  const what = region === null ? text : t('{what} in {region}', { what: text, region: names.region(region) });
  const over = alert?.isOver ? `, ${t('over')}` : '';
  return what + over + (alert?.by ? `, ${t('noted by {name}', { name: alert.by })}` : '');
}
