/** A trail as the painter takes it: places on the unit square, each with how fast the way to it was, or that nobody knows. Pure. */
import { speedClass } from '../trails/speed-classes.ts';
import { isJump } from './glide-rules.ts';
import { metresPerUnit, nearestCopy, type UnitPoint, unitX, unitY } from './projection.ts';
import type { TrailPoint } from './types.ts';

/** Numbers of a point: x, y, class of speed. */
export const TRAIL_ROW = 3;
/** The class of a point to which no way is known. */
export const GAP = -1;

export function trailRows(points: readonly TrailPoint[]): Float64Array<ArrayBuffer> {
  const rows = new Float64Array(points.length * TRAIL_ROW);
  let before: (UnitPoint & { timeMs: number }) | null = null;
  points.forEach(({ lat, lon, timeMs, speedMps }, i) => {
    const x: number = before === null ? unitX(lon) : nearestCopy(unitX(lon), before.x);
    const here: UnitPoint & { timeMs: number } = { x, y: unitY(lat), timeMs };
    rows.set([x, here.y, before === null ? GAP : classOf(before, here, speedMps)], i * TRAIL_ROW);
    before = here;
  });
  return rows;
}

type Place = UnitPoint & { timeMs: number };

/** By the receiver's speed, else by the way made. */
function classOf(from: Place, to: Place, speedMps: number | null): number {
  const fixGapMs = to.timeMs - from.timeMs;
  if (isJump({ from, to, fixGapMs })) return GAP;
  const metres = Math.hypot(to.x - from.x, to.y - from.y) * metresPerUnit(to.y);
  return speedClass(speedMps ?? metres / (fixGapMs / 1_000));
}
