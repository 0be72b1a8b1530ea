/** A trip that is over, as lines; where one was left out there is none. */
import { CircleMarker, LayerGroup, type Map as LeafletMap, Polyline } from 'leaflet';
import type { TripLine } from './types.ts';

const WEIGHT_PX = 4;
const END_RADIUS_PX = 6;

export class TripLayer {
  readonly #group = new LayerGroup();

  constructor(map: LeafletMap) {
    this.#group.addTo(map);
  }

  show(lines: readonly TripLine[], colour: string): void {
    this.#group.clearLayers();
    const ends = [lines[0]?.[0], lines.at(-1)?.at(-1)];
    for (const line of lines) {
      const corners = line.map(({ lat, lon }): [number, number] => [lat, lon]);
      this.#group.addLayer(new Polyline(corners, { color: colour, weight: WEIGHT_PX, interactive: false }));
    }
    for (const [index, end] of ends.entries()) {
      if (end === undefined) continue;
      const fillColor = index === 0 ? '#ffffff' : colour;
      const style = { radius: END_RADIUS_PX, color: colour, fillColor, fillOpacity: 1, interactive: false };
      this.#group.addLayer(new CircleMarker([end.lat, end.lon], style));
    }
  }
}
