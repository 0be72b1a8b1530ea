/** Marks the place that somebody went to, until another or none is asked for. */
import { CircleMarker, LayerGroup, type Map as LeafletMap } from 'leaflet';

const RINGS = [4, 14] as const;

export class Beacon {
  private readonly group: LayerGroup;

  constructor(map: LeafletMap) {
    this.group = new LayerGroup().addTo(map);
  }

  show(place: { lat: number; lon: number } | null): void {
    this.group.clearLayers();
    if (place === null) return;
    for (const radius of RINGS) {
      this.group.addLayer(
        new CircleMarker([place.lat, place.lon], { radius, className: 'beacon', interactive: false }),
      );
    }
  }
}
