/** Where one vehicle was at any time of an hour, what it did, and the way it had made. Pure. */
import { bearingDeg } from '../heading.ts';
import type { TrailPoint } from '../map/types.ts';
import type { WireStatus } from '../protocol.ts';
import { type Chunk, rowAt, UNIT_DEG } from './chunk.ts';

/** One vehicle's part of a chunk. */
export interface Part {
  readonly chunk: Chunk;
  readonly start: number;
  readonly end: number;
}

export interface PastPlace {
  readonly lat: number;
  readonly lon: number;
  /** Of the way that it was on; null in a silence. */
  readonly speedMps: number | null;
  readonly courseDeg: number | null;
  readonly fixMs: number;
  readonly status: WireStatus;
}

/** As the server has it (`tracking/domain/status.py`, `moment.py`). */
const MOVING_FROM_MPS = 1;
const STOPPED_AFTER_MS = 300_000;
const LONGEST_SILENCE_MS = 300_000;
/** A fix is at most two steps old; where that is longer, nobody can tell silence from what was left out. */
const TELLING_STEP_S = 30;
const DEGREE_M = 111_195;
const [MOVING, IDLE, STOPPED] = [1, 2, 3] as const;

/** Longer without a fix nobody knows the way. */
export function silenceMs({ stepS }: Chunk): number {
  return Math.max(LONGEST_SILENCE_MS, 2_000 * stepS);
}

/** Null: nothing is known of it then. `next` is its part of the hour after. */
export function placeAt(part: Part, timeMs: number, next: Part | null): PastPlace | null {
  const { chunk, start, end } = part;
  const row = rowAt(chunk, start, end, timeMs - chunk.hourMs);
  if (row < start) return null;
  const here = pointAt(part, row);
  const after = row + 1 < end ? pointAt(part, row + 1) : firstOf(next);
  const status = statusAt(part, row, after);
  if (after === null || after.timeMs - here.timeMs > silenceMs(chunk))
    return isGone(chunk, here.timeMs, timeMs) ? null : lastSeen(here, status);
  const share = (timeMs - here.timeMs) / (after.timeMs - here.timeMs);
  return {
    lat: here.lat + (after.lat - here.lat) * share,
    lon: here.lon + shortWay(after.lon - here.lon) * share,
    speedMps: speedMps(here, after),
    courseDeg: status === MOVING ? bearingDeg(here, after) : null,
    fixMs: chunk.stepS <= TELLING_STEP_S ? here.timeMs : timeMs,
    status,
  };
}

/** The fixes of a span, from its hours in order. */
export function trailOf(
  hours: readonly Part[],
  [fromMs, toMs]: readonly [fromMs: number, toMs: number],
): readonly TrailPoint[] {
  const points: TrailPoint[] = [];
  for (const part of hours) {
    const { chunk, start, end } = part;
    for (let row = rowAt(chunk, start, end, fromMs - chunk.hourMs - 1) + 1; row < end; row++) {
      const { timeMs, lat, lon } = pointAt(part, row);
      if (timeMs > toMs) break;
      // An hour repeats the last fix of the one before.
      if (timeMs > (points.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY))
        points.push({ timeMs, lat, lon, speedMps: null });
    }
  }
  return points;
}

interface Fix {
  readonly timeMs: number;
  readonly lat: number;
  readonly lon: number;
}

function pointAt({ chunk }: Part, row: number): Fix {
  return {
    timeMs: chunk.hourMs + (chunk.timesMs[row] as number),
    lat: (chunk.lats[row] as number) * UNIT_DEG,
    lon: (chunk.lons[row] as number) * UNIT_DEG,
  };
}

/** The one that an hour repeats from before it does not count. */
function firstOf(part: Part | null): Fix | null {
  if (part === null) return null;
  const row = rowAt(part.chunk, part.start, part.end, -1) + 1;
  return row < part.end ? pointAt(part, row) : null;
}

function lastSeen({ lat, lon, timeMs }: Fix, status: WireStatus): PastPlace {
  return { lat, lon, speedMps: null, courseDeg: null, fixMs: timeMs, status };
}

/** Who may watch some regions only does not know whether it is still in them. */
function isGone(chunk: Chunk, fixMs: number, timeMs: number): boolean {
  return chunk.isLimited && timeMs - fixMs > silenceMs(chunk);
}

/** Moving on the way to the next fix; at rest for long it has stopped. */
function statusAt(part: Part, row: number, after: Fix | null): WireStatus {
  const here = pointAt(part, row);
  const { start } = part;
  const leg = after ?? here;
  const from = after === null && row > start ? pointAt(part, row - 1) : here;
  if (speedMps(from, leg) >= MOVING_FROM_MPS) return MOVING;
  for (let before = row - 1; before >= start; before--) {
    const earlier = pointAt(part, before);
    if (speedMps(earlier, pointAt(part, before + 1)) >= MOVING_FROM_MPS) return IDLE;
    if (here.timeMs - earlier.timeMs >= STOPPED_AFTER_MS) return STOPPED;
  }
  return STOPPED;
}

function speedMps(from: Fix, to: Fix): number {
  const spanS = (to.timeMs - from.timeMs) / 1_000;
  return spanS > 0 ? distanceM(from, to) / spanS : 0;
}

/** Near enough for neighbours. */
export function distanceM(from: { lat: number; lon: number }, to: { lat: number; lon: number }): number {
  const east = shortWay(to.lon - from.lon) * Math.cos((from.lat * Math.PI) / 180);
  return Math.hypot(to.lat - from.lat, east) * DEGREE_M;
}

function shortWay(spanDeg: number): number {
  return spanDeg - Math.round(spanDeg / 360) * 360;
}
