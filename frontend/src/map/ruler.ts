/** Measures on the map: a line through the points that were clicked, on to the pointer. */
import {
  CircleMarker,
  type LatLng,
  LayerGroup,
  type Map as LeafletMap,
  type LeafletMouseEvent,
  Polyline,
} from 'leaflet';
import type { Measured } from './types.ts';

const LINE = { className: 'ruler', interactive: false } as const;
const POINT = { ...LINE, radius: 4 } as const;

export class Ruler {
  private readonly group = new LayerGroup();
  private readonly line = new Polyline([], LINE);
  private points: LatLng[] = [];
  isOn = false;

  constructor(
    private readonly map: LeafletMap,
    private readonly onMeasure: (measured: Measured | null) => void,
  ) {}

  switch(isOn: boolean): void {
    if (isOn === this.isOn) return;
    this.isOn = isOn;
    this.points = [];
    this.map.getContainer().classList.toggle('is-measuring', isOn);
    this.map.doubleClickZoom[isOn ? 'disable' : 'enable']();
    if (isOn) this.map.on('click', this.add, this).on('mousemove', this.reach, this).addLayer(this.group);
    else this.map.off('click', this.add, this).off('mousemove', this.reach, this).removeLayer(this.group);
    this.draw();
  }

  /** Takes the last point back. */
  undo(): void {
    this.points = this.points.slice(0, -1);
    this.draw();
  }

  private add({ latlng }: LeafletMouseEvent): void {
    // The second click of a hurried hand.
    if (this.points.at(-1)?.equals(latlng)) return;
    this.points.push(latlng);
    this.draw();
  }

  private reach({ latlng }: LeafletMouseEvent): void {
    if (this.points.length === 0) return;
    this.line.setLatLngs([...this.points, latlng]);
    this.tell([...this.points, latlng]);
  }

  private draw(): void {
    this.group.clearLayers();
    this.line.setLatLngs(this.points);
    this.group.addLayer(this.line);
    for (const point of this.points) this.group.addLayer(new CircleMarker(point, POINT));
    this.tell(this.points);
  }

  private tell(way: readonly LatLng[]): void {
    if (!this.isOn) {
      this.onMeasure(null);
      return;
    }
    const distanceM = way
      .slice(1)
      .reduce((sum, point, i) => sum + this.map.distance(way[i] as LatLng, point), 0);
    this.onMeasure({ points: this.points.length, distanceM });
  }
}
