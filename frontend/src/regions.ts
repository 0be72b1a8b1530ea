/** The regions that the user may watch, from `/api/v1/regions`. */
import type { Point } from './bounds.ts';
import { isRecord, isText } from './guards.ts';
import type { RegionShape } from './map/types.ts';
import { loadPages } from './rest.ts';

/** Asks page after page. Throws when the server does not answer as agreed. */
export async function loadRegions(url: string): Promise<readonly RegionShape[]> {
  return (await loadPages(url, {}, isRegion)).items;
}

/** The corners of their outlines. */
export function cornersOf(regions: readonly RegionShape[]): readonly Point[] {
  return regions.flatMap(({ polygon }) => {
    const polygons = polygon.type === 'Polygon' ? [polygon.coordinates] : polygon.coordinates;
    return polygons.flatMap((rings) => rings[0] ?? []).map(([lon = 0, lat = 0]) => ({ lat, lon }));
  });
}

export function isRegion(value: unknown): value is RegionShape {
  return isRecord(value) && [value.slug, value.name, value.colour].every(isText) && isPolygon(value.polygon);
}

function isPolygon(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return (value.type === 'Polygon' || value.type === 'MultiPolygon') && Array.isArray(value.coordinates);
}
