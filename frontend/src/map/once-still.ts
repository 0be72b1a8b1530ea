/** Waits for a zoom to end: what moves the map meanwhile is undone by it, or not done at all. */
import type { Map as LeafletMap } from 'leaflet';

export function makeOnceStill(leaflet: LeafletMap): (move: () => void) => void {
  let isZooming = false;
  leaflet.on('zoomanim', () => {
    isZooming = true;
  });
  leaflet.on('zoomend', () => {
    isZooming = false;
  });
  return (move) => {
    if (isZooming) leaflet.once('zoomend', move);
    else move();
  };
}
