/** The trips and stops of a vehicle, as REST tells them, in one order. Pure. */
import { isNumber, isNumberOrNull, isRecord, isText } from '../guards.ts';

interface Place {
  readonly lat: number;
  readonly lon: number;
}

export interface Trip {
  readonly id: string | number;
  readonly start_time: string;
  readonly end_time: string;
  readonly start: Place;
  readonly end: Place;
  readonly distance_m: number;
  readonly moving_s: number;
  readonly idle_s: number;
  /** Of which no fix tells. */
  readonly unseen_s: number;
  readonly max_speed_mps: number | null;
  /** It goes on, or may. */
  readonly open: boolean;
}

export interface Stop extends Place {
  readonly id: string | number;
  readonly start_time: string;
  readonly end_time: string;
  readonly duration_s: number;
  readonly open: boolean;
}

export type Episode = { readonly fromMs: number; readonly toMs: number } & (
  | { readonly kind: 'trip'; readonly trip: Trip }
  | { readonly kind: 'stop'; readonly stop: Stop }
);

export function episodesOf(trips: readonly Trip[], stops: readonly Stop[]): readonly Episode[] {
  const all = [
    ...trips.map((trip) => ({ kind: 'trip' as const, trip, ...timesOf(trip) })),
    ...stops.map((stop) => ({ kind: 'stop' as const, stop, ...timesOf(stop) })),
  ];
  return all.sort((a, b) => a.fromMs - b.fromMs);
}

export function isTrip(value: unknown): value is Trip {
  return (
    isSpan(value) &&
    isPlace(value.start) &&
    isPlace(value.end) &&
    [value.distance_m, value.moving_s, value.idle_s, value.unseen_s].every(isNumber) &&
    isNumberOrNull(value.max_speed_mps)
  );
}

export function isStop(value: unknown): value is Stop {
  return isSpan(value) && isPlace(value) && isNumber(value.duration_s);
}

function timesOf({ start_time, end_time }: Trip | Stop): { fromMs: number; toMs: number } {
  return { fromMs: Date.parse(start_time), toMs: Date.parse(end_time) };
}

function isSpan(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && isText(value.start_time) && isText(value.end_time);
}

function isPlace(value: unknown): boolean {
  return isRecord(value) && isNumber(value.lat) && isNumber(value.lon);
}
