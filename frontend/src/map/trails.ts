/** Which trails the map shows, by id, for a painter that starts afresh and for vehicles whose slot comes later. */
import type { FleetState } from './fleet-state.ts';
import { trailRows } from './trail.ts';
import type { TrailPoint } from './types.ts';

type Send = (slot: number, rows: Float64Array<ArrayBuffer> | null) => void;

export class Trails {
  private readonly shown = new Map<number, { slot: number; points: readonly TrailPoint[] }>();

  constructor(
    private readonly state: FleetState,
    private readonly send: Send,
  ) {}

  /** Null takes a trail away. */
  show(changes: ReadonlyMap<number, readonly TrailPoint[] | null>): void {
    for (const [id, points] of changes) {
      const slot = this.state.slotOf(id);
      if (points === null || slot === null) this.forget(id);
      else {
        this.shown.set(id, { slot, points });
        this.send(slot, trailRows(points));
      }
    }
  }

  /** Before its slot passes to another. */
  forget(id: number): void {
    const trail = this.shown.get(id);
    if (trail === undefined) return;
    this.shown.delete(id);
    this.send(trail.slot, null);
  }

  clear(): void {
    this.shown.clear();
  }

  everything(): [slot: number, rows: Float64Array<ArrayBuffer>][] {
    return [...this.shown.values()].map(({ slot, points }) => [slot, trailRows(points)]);
  }
}
