/** The smallest box around points. Pure. Does not reach across the date line: such a fleet is shown the long way round. */
import type { Bounds } from './map/types.ts';

export interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** One vehicle alone is shown with its surroundings, about a kilometre of them. */
const LEAST_SPAN_DEG = 0.01;

/** A box that reaches over the date line has an east below its west, or one beyond 180. */
export function isWithin({ west, south, east, north }: Bounds, { lat, lon }: Point): boolean {
  if (lat < south || lat > north) return false;
  const width = (((east - west) % 360) + 360) % 360;
  return east - west >= 360 || (((lon - west) % 360) + 360) % 360 <= width;
}

/** Null without a point. */
export function boundsOf(points: readonly Point[]): Bounds | null {
  if (points.length === 0) return null;
  const bounds = { west: 180, south: 90, east: -180, north: -90 };
  for (const { lat, lon } of points) {
    bounds.west = Math.min(bounds.west, lon);
    bounds.east = Math.max(bounds.east, lon);
    bounds.south = Math.min(bounds.south, lat);
    bounds.north = Math.max(bounds.north, lat);
  }
  const lonMargin = Math.max(0, LEAST_SPAN_DEG - (bounds.east - bounds.west)) / 2;
  const latMargin = Math.max(0, LEAST_SPAN_DEG - (bounds.north - bounds.south)) / 2;
  return {
    west: bounds.west - lonMargin,
    south: bounds.south - latMargin,
    east: bounds.east + lonMargin,
    north: bounds.north + latMargin,
  };
}
