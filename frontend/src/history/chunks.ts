/** Which hours of a simplified track are worth having in full: those that the reader looks at, if they are few. Pure. */
import { isWithin } from '../bounds.ts';
import type { Bounds } from '../map/types.ts';
import type { Span } from './player.ts';
import { placeOf, type Track } from './track.ts';

export const CHUNK_MS = 3_600_000;
/** More than this would be a tangle on the map, and no pixel finer in the chart. */
export const MOST_CHUNKS = 24;

export interface Look {
  /** What the chart shows. */
  readonly window: Span;
  /** What the map shows. */
  readonly bounds: Bounds;
}

/** The hours, as beginnings since 1970, in order; none when there are too many. */
export function hoursInView(track: Track, { window, bounds }: Look): readonly number[] {
  const hours = new Set<number>();
  const [fromMs, toMs] = window;
  track.times.forEach((timeMs, i) => {
    if (timeMs < fromMs || timeMs >= toMs || !isWithin(bounds, placeOf(track, i))) return;
    hours.add(Math.floor(timeMs / CHUNK_MS) * CHUNK_MS);
  });
  return hours.size > MOST_CHUNKS ? [] : [...hours].sort((a, b) => a - b);
}
