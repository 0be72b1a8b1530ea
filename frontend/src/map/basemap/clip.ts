/** Cuts a ring to a rectangle, so that a tile draws its own part of a continent and no more. */
import type { Box } from './streets.ts';

type Edge = { axis: 0 | 1; limit: number; keepsBelow: boolean };

/** Sutherland–Hodgman, on flat [x, y, x, y, …]; empty when nothing of the ring lies inside. */
export function clipRing(ring: Float64Array, { west, north, east, south }: Box): Float64Array {
  const edges: Edge[] = [
    { axis: 0, limit: west, keepsBelow: false },
    { axis: 0, limit: east, keepsBelow: true },
    { axis: 1, limit: north, keepsBelow: false },
    { axis: 1, limit: south, keepsBelow: true },
  ];
  return edges.reduce(clipAtEdge, ring);
}

function clipAtEdge(ring: Float64Array, edge: Edge): Float64Array {
  const kept: number[] = [];
  for (let k = 0; k < ring.length; k += 2) {
    const before = (k + ring.length - 2) % ring.length;
    const isIn = isInside(ring, k, edge);
    if (isIn !== isInside(ring, before, edge)) kept.push(...crossing(ring, before, k, edge));
    if (isIn) kept.push(ring[k] as number, ring[k + 1] as number);
  }
  return Float64Array.from(kept);
}

function isInside(ring: Float64Array, k: number, { axis, limit, keepsBelow }: Edge): boolean {
  const value = ring[k + axis] as number;
  return keepsBelow ? value <= limit : value >= limit;
}

function crossing(
  ring: Float64Array,
  from: number,
  to: number,
  { axis, limit }: Edge,
): [x: number, y: number] {
  const other = 1 - axis;
  const share =
    (limit - (ring[from + axis] as number)) / ((ring[to + axis] as number) - (ring[from + axis] as number));
  const value =
    (ring[from + other] as number) + share * ((ring[to + other] as number) - (ring[from + other] as number));
  return axis === 0 ? [limit, value] : [value, limit];
}
