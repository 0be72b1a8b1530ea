/** The recent ways of a few vehicles: what the archive had of them first, then every live fix. Pure. */
import type { TrailPoint } from '../map/types.ts';

export const TRAIL_MS = 10 * 60_000;
/** More often than once a second would not be seen. */
const MOST_POINTS = 600;

interface Trail {
  points: readonly TrailPoint[];
  isChanged: boolean;
}

export class TrailBook {
  readonly #trails = new Map<number, Trail>();
  readonly #forgotten = new Set<number>();

  get size(): number {
    return this.#trails.size;
  }

  /** Some vehicle has made a way: there is a line to be drawn. */
  get hasWay(): boolean {
    return [...this.#trails.values()].some(({ points }) => isWay(points));
  }

  /** Exactly these from now on; gives those that are new. */
  keep(ids: ReadonlySet<number>): readonly number[] {
    for (const id of [...this.#trails.keys()].filter((id) => !ids.has(id))) {
      this.#trails.delete(id);
      this.#forgotten.add(id);
    }
    const fresh = [...ids].filter((id) => !this.#trails.has(id));
    for (const id of fresh) {
      this.#forgotten.delete(id);
      this.#trails.set(id, { points: [], isChanged: false });
    }
    return fresh;
  }

  /** Whoever shows them has to begin anew. */
  repeat(): void {
    for (const trail of this.#trails.values()) trail.isChanged = trail.points.length > 0;
  }

  /** A fix of a vehicle; of one whose trail is not kept it is nothing. */
  hear(id: number, point: TrailPoint): void {
    const trail = this.#trails.get(id);
    const last = trail?.points.at(-1);
    if (trail === undefined || (last !== undefined && point.timeMs <= last.timeMs)) return;
    this.#set(trail, [...trail.points, point]);
  }

  /** What the archive has of it, in any order; what is known already stays. */
  fill(id: number, points: readonly TrailPoint[]): void {
    const trail = this.#trails.get(id);
    if (trail === undefined || points.length === 0) return;
    const byTime = new Map([...points, ...trail.points].map((point) => [point.timeMs, point]));
    this.#set(
      trail,
      [...byTime.values()].sort((a, b) => a.timeMs - b.timeMs),
    );
  }

  /** Since it was asked last: the whole trail of those that changed, null of those that are no longer kept. */
  takeChanges(): ReadonlyMap<number, readonly TrailPoint[] | null> {
    const changes = new Map<number, readonly TrailPoint[] | null>(
      [...this.#forgotten].map((id) => [id, null]),
    );
    this.#forgotten.clear();
    for (const [id, trail] of this.#trails) {
      if (trail.isChanged) changes.set(id, trail.points);
      trail.isChanged = false;
    }
    return changes;
  }

  /** The last ten minutes of it. */
  #set(trail: Trail, points: readonly TrailPoint[]): void {
    const fromMs = (points.at(-1)?.timeMs ?? 0) - TRAIL_MS;
    trail.points = points.slice(-MOST_POINTS).filter(({ timeMs }) => timeMs >= fromMs);
    trail.isChanged = true;
  }
}

/** Whether a line can be drawn through these. */
export function isWay(points: readonly TrailPoint[]): boolean {
  const [first] = points;
  return points.some(({ lat, lon }) => lat !== first?.lat || lon !== first.lon);
}
