/** The regions that the user may watch, from `/api/v1/regions`. */
import type { Point } from './bounds.ts';
import type { RegionShape } from './map/types.ts';

/** Asks page after page. Throws when the server does not answer as agreed. */
export async function loadRegions(url: string): Promise<readonly RegionShape[]> {
  const regions: RegionShape[] = [];
  for (let next: string | null = url; next !== null; ) {
    const response: Response = await fetch(next, { headers: { accept: 'application/json' } });
    if (!response.ok) throw new Error(`${next} answered ${response.status}`);
    const page: unknown = await response.json();
    if (!isPage(page)) throw new Error(`${next} gave something other than regions`);
    regions.push(...page.items);
    next = page.next;
  }
  return regions;
}

/** The corners of their outlines. */
export function cornersOf(regions: readonly RegionShape[]): readonly Point[] {
  return regions.flatMap(({ polygon }) => {
    const polygons = polygon.type === 'Polygon' ? [polygon.coordinates] : polygon.coordinates;
    return polygons.flatMap((rings) => rings[0] ?? []).map(([lon = 0, lat = 0]) => ({ lat, lon }));
  });
}

interface RegionPage {
  readonly items: readonly RegionShape[];
  readonly next: string | null;
}

function isPage(value: unknown): value is RegionPage {
  if (typeof value !== 'object' || value === null || !('items' in value) || !('next' in value)) return false;
  const isNext = value.next === null || typeof value.next === 'string';
  return isNext && Array.isArray(value.items) && value.items.every(isRegion);
}

function isRegion(value: unknown): value is RegionShape {
  if (typeof value !== 'object' || value === null) return false;
  const { slug, name, colour, polygon } = value as Record<string, unknown>;
  return [slug, name, colour].every((text) => typeof text === 'string') && isPolygon(polygon);
}

function isPolygon(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('coordinates' in value))
    return false;
  return (value.type === 'Polygon' || value.type === 'MultiPolygon') && Array.isArray(value.coordinates);
}
