/** Totals of days, added up. Pure. */
import { isNumber, isNumberOrNull, isRecord } from '../guards.ts';

export interface DayTotals {
  readonly distance_m: number;
  readonly moving_s: number;
  readonly idle_s: number;
  readonly stopped_s: number;
  readonly max_speed_mps: number | null;
  readonly trips: number;
}

/** Without a trip the highest speed is null. */
export function sumOf(days: readonly DayTotals[]): DayTotals {
  const sum = (value: (day: DayTotals) => number) => days.reduce((total, day) => total + value(day), 0);
  const speeds = days.flatMap(({ max_speed_mps }) => max_speed_mps ?? []);
  return {
    distance_m: sum(({ distance_m }) => distance_m),
    moving_s: sum(({ moving_s }) => moving_s),
    idle_s: sum(({ idle_s }) => idle_s),
    stopped_s: sum(({ stopped_s }) => stopped_s),
    max_speed_mps: speeds.length === 0 ? null : Math.max(...speeds),
    trips: sum(({ trips }) => trips),
  };
}

export function isDayTotals(value: unknown): value is DayTotals {
  if (!isRecord(value)) return false;
  const { distance_m, moving_s, idle_s, stopped_s, max_speed_mps, trips } = value;
  return [distance_m, moving_s, idle_s, stopped_s, trips].every(isNumber) && isNumberOrNull(max_speed_mps);
}
