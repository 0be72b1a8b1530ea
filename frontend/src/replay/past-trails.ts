/** Which ways of the past the map shows, anew for each moment. Pure. */
import type { TrailPoint } from '../map/types.ts';
import { isWay, TRAIL_MS } from '../trails/trail-book.ts';
import type { PastFleet } from './past-fleet.ts';

export class PastTrails {
  #shown: ReadonlySet<number> = new Set();
  hasWay = false;

  /** Null takes one away. */
  changes(ids: ReadonlySet<number>, past: PastFleet): ReadonlyMap<number, readonly TrailPoint[] | null> {
    const gone = [...this.#shown].filter((id) => !ids.has(id)).map((id) => [id, null] as const);
    const trails = [...ids].map((id) => [id, past.trailOf(id, TRAIL_MS)] as const);
    this.#shown = ids;
    this.hasWay = trails.some(([, points]) => isWay(points));
    return new Map<number, readonly TrailPoint[] | null>([...gone, ...trails]);
  }
}
