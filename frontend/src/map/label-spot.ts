/** Where a region's name stands. Pure. */
import type * as GeoJSON from 'geojson';
import type { Point } from '../bounds.ts';
import { isInPolygon } from '../polygon.ts';
import type { Area } from './types.ts';

/** The centre of mass of the largest part, or, where that lies outside of it, the middle of its widest piece at that height. Null for an empty area. */
export function labelSpot(area: Area): Point | null {
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
  const parts = polygons.map((rings) => ({ rings, ...massOf(rings[0] ?? []) }));
  const [largest] = parts.toSorted((a, b) => Math.abs(b.area) - Math.abs(a.area));
  if (largest === undefined || largest.area === 0) return null;
  const { rings, lat, lon } = largest;
  const centre = { lat, lon };
  if (isInPolygon({ type: 'Polygon', coordinates: rings }, centre)) return centre;
  return middleOfWidest(rings, lat) ?? centre;
}

type Ring = readonly GeoJSON.Position[];

/** Twice the signed area, and the centre. */
function massOf(ring: Ring): Point & { readonly area: number } {
  let [area, lat, lon] = [0, 0, 0];
  let [beforeLon = 0, beforeLat = 0] = ring.at(-1) ?? [];
  for (const [hereLon = 0, hereLat = 0] of ring) {
    const cross = beforeLon * hereLat - hereLon * beforeLat;
    area += cross;
    lon += (beforeLon + hereLon) * cross;
    lat += (beforeLat + hereLat) * cross;
    [beforeLon, beforeLat] = [hereLon, hereLat];
  }
  return { area, lat: lat / (3 * area), lon: lon / (3 * area) };
}

function middleOfWidest(rings: readonly Ring[], lat: number): Point | null {
  const crossings = rings.flatMap((ring) => crossingsOf(ring, lat)).sort((a, b) => a - b);
  let [widest, lon] = [0, Number.NaN];
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const [west, east] = [crossings[i] as number, crossings[i + 1] as number];
    if (east - west > widest) [widest, lon] = [east - west, (west + east) / 2];
  }
  return Number.isNaN(lon) ? null : { lat, lon };
}

function crossingsOf(ring: Ring, lat: number): number[] {
  const found: number[] = [];
  let [beforeLon = 0, beforeLat = 0] = ring.at(-1) ?? [];
  for (const [hereLon = 0, hereLat = 0] of ring) {
    if (hereLat > lat !== beforeLat > lat)
      found.push(beforeLon + ((lat - beforeLat) / (hereLat - beforeLat)) * (hereLon - beforeLon));
    [beforeLon, beforeLat] = [hereLon, hereLat];
  }
  return found;
}
