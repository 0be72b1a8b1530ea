/** For pages that measure the map: the Leaflet map below it, which nothing else may touch. */
import { Map as LeafletMap, Point } from 'leaflet';

export type { LeafletMap };

/** Calls back for every map that is made from now on. */
export function whenMapIsMade(callback: (map: LeafletMap) => void): void {
  LeafletMap.addInitHook(function (this: LeafletMap) {
    callback(this);
  });
}

/** As if the pointer stood there; the map has looked for a vehicle below it when this returns. */
export function pointAt(map: LeafletMap, x: number, y: number): void {
  map.fire('mousemove', { latlng: map.containerPointToLatLng(new Point(x, y)) });
}
