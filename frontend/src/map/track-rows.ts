/** A track as the painter of trails takes it, and where on it a pointer is. Pure. */
import { legSpeedMps, lineStarts, type Track } from '../history/track.ts';
import { speedClass } from '../trails/speed-classes.ts';
import type { PictureView } from './picture-view.ts';
import { nearestCopy, unitX, unitY } from './projection.ts';
import { GAP, TRAIL_ROW } from './trail.ts';

/** `isOwn`: in one colour, whatever the speed. */
export function rowsOf(track: Track, { isOwn = false } = {}): Float64Array {
  const { times, lats, lons } = track;
  const starts = lineStarts(track);
  const rows = new Float64Array(times.length * TRAIL_ROW);
  let x = 0;
  times.forEach((_, i) => {
    x = i === 0 ? unitX(lons[i] as number) : nearestCopy(unitX(lons[i] as number), x);
    rows[i * TRAIL_ROW] = x;
    rows[i * TRAIL_ROW + 1] = unitY(lats[i] as number);
    rows[i * TRAIL_ROW + 2] = starts.has(i) ? GAP : isOwn ? 0 : speedClass(legSpeedMps(track, i));
  });
  return rows;
}

/** A place on the line: so much of the way from one row to the next. */
export interface OnLine {
  readonly index: number;
  readonly share: number;
}

/** The place nearest to a point of the picture, within `reach` of its pixels; null: there is none. */
export function nearestOnLine(
  rows: Float64Array,
  view: PictureView,
  { x, y, reach }: { readonly x: number; readonly y: number; readonly reach: number },
): OnLine | null {
  let best = reach * reach;
  let found: OnLine | null = null;
  const unit = { x: (view.left + x) / view.world, y: (view.top + y) / view.world };
  const shift = rows.length === 0 ? 0 : nearestCopy(rows[0] as number, unit.x) - (rows[0] as number);
  for (let i = TRAIL_ROW; i < rows.length; i += TRAIL_ROW) {
    if (rows[i + 2] === GAP) continue;
    const fromX = ((rows[i - TRAIL_ROW] as number) + shift - unit.x) * view.world;
    const fromY = ((rows[i - TRAIL_ROW + 1] as number) - unit.y) * view.world;
    const alongX = ((rows[i] as number) + shift - unit.x) * view.world - fromX;
    const alongY = ((rows[i + 1] as number) - unit.y) * view.world - fromY;
    const length = alongX * alongX + alongY * alongY;
    const share = length === 0 ? 0 : Math.min(1, Math.max(0, -(fromX * alongX + fromY * alongY) / length));
    const away = (fromX + share * alongX) ** 2 + (fromY + share * alongY) ** 2;
    if (away >= best) continue;
    best = away;
    found = { index: i / TRAIL_ROW - 1, share };
  }
  return found;
}
