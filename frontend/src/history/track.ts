/** A vehicle's fixes as columns, where it was at any time, and what nobody knows of its way. Pure. */
import type { Point } from '../bounds.ts';
import { isListOf, isNumber, isNumberOrNull, isRecord, isText } from '../guards.ts';
import { bearingDeg } from '../heading.ts';
import type { Span } from './player.ts';

export interface Track {
  readonly times: Float64Array;
  readonly lats: Float64Array;
  readonly lons: Float64Array;
  /** NaN: unknown. */
  readonly speeds: Float64Array;
  /** In which nothing is known of it: silence, or what the reader may not see. */
  readonly gaps: readonly Span[];
  /** What the range holds; more than `times` when the track is simplified. */
  readonly fixes: number;
  /** How far the simplified track is from the whole one at most; null: it is whole. */
  readonly toleranceM: number | null;
  readonly isLimited: boolean;
}

export interface Whereabout {
  readonly lat: number;
  readonly lon: number;
  readonly speedMps: number | null;
  /** Clockwise from north; null at rest. */
  readonly headingDeg: number | null;
  /** The last fix before. */
  readonly fixMs: number;
  /** False in a gap and after the end: it was here last. */
  readonly isKnown: boolean;
}

type Row = [fixTime: string, lat: number, lon: number, speedMps: number | null];
/** As the archive has it: more is a gap. */
export const LONGEST_SILENCE_MS = 300_000;
/** Over a longer leg, as simplified tracks have them, the speed at its end says little of the way. */
const LONGEST_REPORTED_MS = 20_000;
/** Fixes after which a vehicle that drives has come far enough to tell where to. */
const HEADING_LEGS = 5;
const DEGREE_M = 111_195;

/** Throws when it is no track. */
export function trackOf(answer: unknown): Track {
  if (!isRecord(answer) || !isListOf(answer.rows, isRow)) throw new Error('no track was given');
  const { rows } = answer;
  const column = (value: (row: Row) => number) => {
    const values = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = value(rows[i] as Row);
    return values;
  };
  const gaps = isListOf(answer.gaps, isPair) ? answer.gaps : [];
  const { fixes, tolerance_m } = answer;
  return {
    times: column((row) => Date.parse(row[0])),
    lats: column((row) => row[1]),
    lons: column((row) => row[2]),
    speeds: column((row) => row[3] ?? Number.NaN),
    gaps: gaps.map(([from, to]) => [Date.parse(from), Date.parse(to)] as const),
    fixes: isNumber(fixes) ? fixes : rows.length,
    toleranceM: isNumber(tolerance_m) && rows.length !== fixes ? tolerance_m : null,
    isLimited: answer.limited_to_regions === true,
  };
}

/** The last fix at or before a time; -1: there is none. */
export function indexAt(times: Float64Array, timeMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** When the fix before or after was made; at the ends the same. */
export function neighbourMs({ times }: Track, timeMs: number, step: 1 | -1): number {
  const i = step > 0 ? indexAt(times, timeMs) + 1 : indexAt(times, timeMs - 1);
  return times[i] ?? timeMs;
}

/** Before each of these fixes a line is interrupted. */
export function lineStarts({ times, gaps }: Track): ReadonlySet<number> {
  return new Set([0, ...gaps.map(([, toMs]) => indexAt(times, toMs - 1) + 1)]);
}

/** Null before the first fix. */
export function whereaboutAt(track: Track, timeMs: number): Whereabout | null {
  const { times, lats, lons, speeds } = track;
  const i = indexAt(times, timeMs);
  if (i < 0) return null;
  const fixMs = times[i] as number;
  const isSilent = track.gaps.some(([fromMs, toMs]) => fromMs < timeMs && timeMs < toMs);
  const isLast = i === times.length - 1;
  const share = isSilent || isLast ? 0 : (timeMs - fixMs) / ((times[i + 1] as number) - fixMs);
  const at = (column: Float64Array) =>
    share === 0 ? (column[i] as number) : between(column[i] as number, column[i + 1] as number, share);
  const speed = at(speeds);
  return {
    lat: at(lats),
    lon: at(lons),
    speedMps: Number.isNaN(speed) ? null : speed,
    headingDeg: isSilent || isLast ? null : headingOf(track, i),
    fixMs,
    isKnown: !isSilent && !(isLast && timeMs - fixMs > LONGEST_SILENCE_MS),
  };
}

/** `part` in place of what `track` has from its first to its last time. */
export function spliced(track: Track, part: Track): Track {
  if (part.times.length === 0) return track;
  const from = indexAt(track.times, (part.times[0] as number) - 1) + 1;
  const to = indexAt(track.times, part.times.at(-1) as number) + 1;
  const joined = (name: 'times' | 'lats' | 'lons' | 'speeds') => {
    const column = new Float64Array(track[name].length - (to - from) + part[name].length);
    column.set(track[name].subarray(0, from));
    column.set(part[name], from);
    column.set(track[name].subarray(to), from + part[name].length);
    return column;
  };
  return {
    ...track,
    times: joined('times'),
    lats: joined('lats'),
    lons: joined('lons'),
    speeds: joined('speeds'),
  };
}

export function placeOf({ lats, lons }: Track, i: number): Point {
  return { lat: lats[i] as number, lon: lons[i] as number };
}

/** Of the box around it; empty without a fix. */
export function cornersOf({ lats, lons }: Track): readonly Point[] {
  if (lats.length === 0) return [];
  const least = { lat: 90, lon: 180 };
  const most = { lat: -90, lon: -180 };
  for (let i = 0; i < lats.length; i++) {
    const [lat, lon] = [lats[i] as number, lons[i] as number];
    if (lat < least.lat) least.lat = lat;
    if (lat > most.lat) most.lat = lat;
    if (lon < least.lon) least.lon = lon;
    if (lon > most.lon) most.lon = lon;
  }
  return [least, most];
}

/** Metres between two fixes of it; near enough for neighbours. */
export function legM({ lats, lons }: Track, from: number, to: number): number {
  const north = (lats[to] as number) - (lats[from] as number);
  return Math.hypot(north, eastOf(lats, lons, from, to)) * DEGREE_M;
}

export function isLongLeg({ times }: Track, i: number): boolean {
  return (times[i] as number) - (times[i - 1] as number) > LONGEST_REPORTED_MS;
}

/** Of the way to a fix: as reported, else as made. */
export function legSpeedMps(track: Track, i: number): number {
  const spanMs = (track.times[i] as number) - (track.times[i - 1] as number);
  const reported = track.speeds[i] as number;
  if (!isLongLeg(track, i) && !Number.isNaN(reported)) return reported;
  return legM(track, i - 1, i) / (spanMs / 1_000);
}

function headingOf(track: Track, i: number): number | null {
  const last = Math.min(i + HEADING_LEGS, track.times.length - 1);
  for (let j = i + 1; j <= last; j++) {
    const heading = bearingDeg(placeOf(track, i), placeOf(track, j));
    if (heading !== null) return heading;
  }
  return null;
}

/** In degrees of latitude. */
function eastOf(lats: Float64Array, lons: Float64Array, from: number, to: number): number {
  const span = (lons[to] as number) - (lons[from] as number);
  const shortest = span - Math.round(span / 360) * 360;
  return shortest * Math.cos(((lats[from] as number) * Math.PI) / 180);
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

function isRow(value: unknown): value is Row {
  if (!Array.isArray(value)) return false;
  return isText(value[0]) && isNumber(value[1]) && isNumber(value[2]) && isNumberOrNull(value[3]);
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(isText);
}
