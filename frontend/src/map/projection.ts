/** Web Mercator on the unit square: x grows east from -180°, y grows south from 85.05° N, the world is 1 wide. */
const EARTH_CIRCUMFERENCE_M = 40_075_016.686;
/** Where Web Mercator ends, so that the world is square. */
const MAX_LAT_DEG = 85.0511287798;
export const TILE_PX = 256;

export interface UnitPoint {
  x: number;
  y: number;
}

export function unitX(lon: number): number {
  return lon / 360 + 0.5;
}

export function unitY(lat: number): number {
  const sine = Math.sin((Math.min(Math.max(lat, -MAX_LAT_DEG), MAX_LAT_DEG) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

export function lonOf(x: number): number {
  return (x - 0.5) * 360;
}

export function latOf(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

/** Width of the world in CSS pixels. */
export function worldPx(zoom: number): number {
  return TILE_PX * 2 ** zoom;
}

/** The greatest zoom at which the whole world is no wider than so many CSS pixels. At least 0. */
export function zoomOfWorld(widthPx: number): number {
  return Math.floor(Math.log2(Math.max(widthPx, TILE_PX) / TILE_PX));
}

/** Metres that one unit spans on the ground at this height of the map. */
export function metresPerUnit(y: number): number {
  return EARTH_CIRCUMFERENCE_M / Math.cosh(Math.PI * (1 - 2 * y));
}

/** The copy of `x` (the world repeats every unit) that lies nearest to `reference`. */
export function nearestCopy(x: number, reference: number): number {
  return x + Math.round(reference - x);
}
