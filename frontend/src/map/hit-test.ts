/** Which vehicle lies under a pointer, where it is drawn at that moment. */
import { type Glides, HIDDEN } from './glides.ts';
import { nearestCopy, type UnitPoint } from './projection.ts';

export interface Probe {
  point: UnitPoint;
  radius: number;
  nowMs: number;
}

/** The slot of the drawn vehicle nearest to the point, within the radius (in units); null when none is. */
export function nearestSlot(glides: Glides, { point, radius, nowMs }: Probe): number | null {
  let best: number | null = null;
  let bestSquare = radius * radius;
  for (let slot = 0; slot < glides.length; slot++) {
    if ((glides.sprite[slot] as number) === HIDDEN) continue;
    const dy = glides.yAt(slot, nowMs) - point.y;
    if (dy > radius || dy < -radius) continue;
    const dx = nearestCopy(glides.xAt(slot, nowMs), point.x) - point.x;
    const square = dx * dx + dy * dy;
    if (square > bestSquare) continue;
    bestSquare = square;
    best = slot;
  }
  return best;
}
