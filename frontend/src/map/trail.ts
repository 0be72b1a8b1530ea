/** A trail as the painter takes it: places on the unit square, each with how fast the way to it was, or that nobody knows. Pure. */
import { speedClass } from '../trails/speed-classes.ts';
import { isTooFar } from './glide-rules.ts';
import { metresPerUnit, nearestCopy, type UnitPoint, unitX, unitY } from './projection.ts';
import type { TrailPoint } from './types.ts';

/** Numbers of a point: x, y, class of speed. */
export const TRAIL_ROW = 3;
/** The class of a point to which no way is known. */
export const GAP = -1;

/** Silence is a gap when it is longer than this, and much longer than usual. */
const SHORTEST_GAP_MS = 20_000;
const TIMES_USUAL = 4;

type Place = UnitPoint & { timeMs: number };

export function trailRows(points: readonly TrailPoint[]): Float64Array<ArrayBuffer> {
  const rows = new Float64Array(points.length * TRAIL_ROW);
  const gapMs = Math.max(SHORTEST_GAP_MS, TIMES_USUAL * usualMs(points));
  let before = null as Place | null;
  points.forEach(({ lat, lon, timeMs, speedMps }, i) => {
    const x = before === null ? unitX(lon) : nearestCopy(unitX(lon), before.x);
    const here = { x, y: unitY(lat), timeMs };
    const isKnown = before !== null && timeMs - before.timeMs <= gapMs;
    rows.set([x, here.y, before === null || !isKnown ? GAP : classOf(before, here, speedMps)], i * TRAIL_ROW);
    before = here;
  });
  return rows;
}

/** Between two fixes, as the median has it. */
function usualMs(points: readonly TrailPoint[]): number {
  const spansMs = points.slice(1).map(({ timeMs }, i) => timeMs - (points[i]?.timeMs ?? 0));
  return spansMs.sort((a, b) => a - b)[spansMs.length >> 1] ?? 0;
}

/** By the receiver's speed, else by the way made. */
function classOf(from: Place, to: Place, speedMps: number | null): number {
  const span_s = (to.timeMs - from.timeMs) / 1_000;
  const distanceM = Math.hypot(to.x - from.x, to.y - from.y) * metresPerUnit(to.y);
  if (isTooFar(distanceM, span_s)) return GAP;
  return speedClass(speedMps ?? distanceM / span_s);
}
