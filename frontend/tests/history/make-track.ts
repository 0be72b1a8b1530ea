/** Builds what a test is about, and nothing else. */
import type { Episode } from '../../src/history/episodes.ts';
import { type Track, trackOf } from '../../src/history/track.ts';

const START_MS = Date.parse('2026-01-01T09:00:00Z');

export interface MadeFix {
  readonly at_s: number;
  readonly lat?: number;
  readonly lon?: number;
  readonly speedMps?: number | null;
}

/** Gaps are given in seconds, too. */
export function makeTrack(
  fixes: readonly MadeFix[],
  { gaps = [], more = {} }: { gaps?: readonly (readonly [number, number])[]; more?: object } = {},
): Track {
  const rows = fixes.map(({ at_s, lat = 57.7, lon = 11.9, speedMps = null }) => [
    time(at_s),
    lat,
    lon,
    speedMps,
  ]);
  return trackOf({ rows, fixes: rows.length, gaps: gaps.map((gap) => gap.map(time)), ...more });
}

export function makeTrip(from_s: number, to_s: number): Episode {
  const place = { lat: 57.7, lon: 11.9 };
  const trip = {
    ...{ id: 't', start_time: time(from_s), end_time: time(to_s), start: place, end: place, open: false },
    ...{ distance_m: 1000, moving_s: to_s - from_s, idle_s: 0, unseen_s: 0, max_speed_mps: 10 },
  };
  return { kind: 'trip', trip, fromMs: atMs(from_s), toMs: atMs(to_s) };
}

export function makeStop(from_s: number, to_s: number): Episode {
  const stop = {
    ...{ id: 's', start_time: time(from_s), end_time: time(to_s), lat: 57.7, lon: 11.9, open: false },
    duration_s: to_s - from_s,
  };
  return { kind: 'stop', stop, fromMs: atMs(from_s), toMs: atMs(to_s) };
}

export function atMs(at_s: number): number {
  return START_MS + at_s * 1_000;
}

function time(at_s: number): string {
  return new Date(atMs(at_s)).toISOString();
}
