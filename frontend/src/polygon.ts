/** Whether a place lies in a region. Pure. */
import type * as GeoJSON from 'geojson';
import type { Point } from './bounds.ts';

type Ring = readonly GeoJSON.Position[];

export function isInPolygon(polygon: GeoJSON.Polygon | GeoJSON.MultiPolygon, place: Point): boolean {
  const polygons = polygon.type === 'Polygon' ? [polygon.coordinates] : polygon.coordinates;
  return polygons.some((rings) => isInRings(rings, place));
}

/** In the outline and in none of its holes: a ray to the east crosses an odd number of edges. */
function isInRings(rings: readonly Ring[], { lat, lon }: Point): boolean {
  let isInside = false;
  for (const ring of rings) {
    let [beforeLon = 0, beforeLat = 0] = ring.at(-1) ?? [];
    for (const [hereLon = 0, hereLat = 0] of ring) {
      const crosses = hereLat > lat !== beforeLat > lat;
      const crossingLon = beforeLon + ((lat - beforeLat) / (hereLat - beforeLat)) * (hereLon - beforeLon);
      if (crosses && lon < crossingLon) isInside = !isInside;
      [beforeLon, beforeLat] = [hereLon, hereLat];
    }
  }
  return isInside;
}
