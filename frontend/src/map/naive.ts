/** For pages that measure the map: the same fleet as Leaflet's own markers, one object each, as tutorials do it. */
import { type Canvas, CircleMarker, canvas, DivIcon, Map as LeafletMap, Marker } from 'leaflet';
import type { Row } from '../protocol.ts';
import type { MapView } from './types.ts';

export type NaiveWay = 'marker' | 'circle';

/** Rows come once a second. */
const GLIDE_MS = 1_000;

interface Gliding {
  marker: Marker | CircleMarker;
  from: [lat: number, lon: number];
  to: [lat: number, lon: number];
  startMs: number;
}

export class NaiveMap {
  readonly map: LeafletMap;
  private readonly renderer: Canvas = canvas();
  private readonly fleet = new Map<number, Gliding>();

  constructor(
    container: HTMLElement,
    private readonly way: NaiveWay,
    { lat, lon, zoom }: MapView,
  ) {
    this.map = new LeafletMap(container, { center: [lat, lon], zoom });
    this.glide();
  }

  apply(rows: readonly Row[]): void {
    const startMs = performance.now();
    for (const [id, , lat, lon] of rows) {
      const known = this.fleet.get(id);
      if (known === undefined) {
        const to: [number, number] = [lat, lon];
        this.fleet.set(id, { marker: this.make(to), from: to, to, startMs });
      } else {
        known.from = known.to;
        known.to = [lat, lon];
        known.startMs = startMs;
      }
    }
  }

  private make(place: [number, number]): Marker | CircleMarker {
    const marker =
      this.way === 'marker'
        ? new Marker(place, { icon: new DivIcon({ html: '●', iconSize: [12, 12] }) })
        : new CircleMarker(place, { renderer: this.renderer, radius: 6, weight: 1 });
    return marker.addTo(this.map);
  }

  private glide(): void {
    requestAnimationFrame(() => this.glide());
    const nowMs = performance.now();
    for (const { marker, from, to, startMs } of this.fleet.values()) {
      const share = Math.min(1, (nowMs - startMs) / GLIDE_MS);
      marker.setLatLng([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
    }
  }
}
