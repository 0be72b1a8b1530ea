/** Keeps one vehicle in the middle of the map, where it is drawn at each frame. */
import type { Map as LeafletMap } from 'leaflet';
import { latOf, lonOf, type UnitPoint } from './projection.ts';

export class Follower {
  private id: number | null = null;
  private isRunning = false;

  constructor(
    private readonly map: LeafletMap,
    private readonly positionOf: (id: number) => UnitPoint | null,
  ) {}

  follow(id: number | null): void {
    this.id = id;
    // Zooming about the pointer would push the vehicle aside.
    this.map.options.scrollWheelZoom = id === null ? true : 'center';
    if (id !== null && !this.isRunning) this.step();
  }

  private step(): void {
    this.isRunning = this.id !== null;
    if (this.id === null) return;
    const position = this.positionOf(this.id);
    if (position !== null) this.centre(position);
    requestAnimationFrame(() => this.step());
  }

  private centre({ x, y }: UnitPoint): void {
    const offset = this.map
      .latLngToContainerPoint([latOf(y), lonOf(x)])
      .subtract(this.map.getSize().divideBy(2))
      .round();
    if (offset.x !== 0 || offset.y !== 0) this.map.panBy(offset, { animate: false });
  }
}
