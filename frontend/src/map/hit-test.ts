/** Which vehicles lie under a pointer, where they are drawn at that moment. */
import { type Glides, HIDDEN } from './glides.ts';
import { nearestCopy, type UnitPoint } from './projection.ts';

export interface Probe {
  point: UnitPoint;
  /** In units. */
  radius: number;
  nowMs: number;
  /** By slot: 1 for those that something else stands for. */
  absorbed?: Uint8Array | undefined;
}

/** The slot of the drawn vehicle nearest to the point; null when none is within the radius. */
export function nearestSlot(glides: Glides, { point, radius, nowMs, absorbed }: Probe): number | null {
  let best: number | null = null;
  let bestSquare = radius * radius;
  for (let slot = 0; slot < glides.length; slot++) {
    if ((glides.sprite[slot] as number) === HIDDEN || absorbed?.[slot] === 1) continue;
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

/** All within the box whose middle is the point; those in clusters too. */
export function slotsAround(
  glides: Glides,
  {
    point,
    halfWidth,
    halfHeight,
    nowMs,
  }: { point: UnitPoint; halfWidth: number; halfHeight: number; nowMs: number },
): number[] {
  const found: number[] = [];
  for (let slot = 0; slot < glides.length; slot++) {
    if ((glides.sprite[slot] as number) === HIDDEN) continue;
    if (Math.abs(glides.yAt(slot, nowMs) - point.y) > halfHeight) continue;
    if (Math.abs(nearestCopy(glides.xAt(slot, nowMs), point.x) - point.x) <= halfWidth) found.push(slot);
  }
  return found;
}
