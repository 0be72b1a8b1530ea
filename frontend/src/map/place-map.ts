/** The map on which a place is chosen: a region by a click, or a box by a drag. */
import { type GeoJSON, LayerGroup, type Map as LeafletMap, Rectangle } from 'leaflet';
import { addBasemap, boundsOf, fitBounds, makeLeafletMap, onHand, viewOf } from './base-map.ts';
import { makeOnceStill } from './once-still.ts';
import { type OutlineLook, outlineOf } from './region-layer.ts';
import type { BasemapOptions, Bounds, MapView, RegionShape, Theme } from './types.ts';

const CHOSEN: OutlineLook = { weight: 3, opacity: 1, dashArray: '', fillOpacity: 0.18 };
const OFFERED: OutlineLook = { weight: 1.5, opacity: 0.7, dashArray: '4 4', fillOpacity: 0.03 };
/** Less is a click, not a box. */
const LEAST_BOX_PX = 6;

export interface PlaceMapOptions extends BasemapOptions {
  readonly container: HTMLElement;
  onRegion(slug: string): void;
  onBox(bounds: Bounds): void;
  onViewChange(): void;
  /** The reader's hand is on it. */
  onHand(): void;
  /** Nobody draws any more. */
  onDrawn(): void;
}

export class PlaceMap {
  readonly #options: PlaceMapOptions;
  readonly #leaflet: LeafletMap;
  readonly #onceStill: ReturnType<typeof makeOnceStill>;
  readonly #basemap: ReturnType<typeof addBasemap>;
  readonly #regions = new LayerGroup();
  readonly #box = new LayerGroup();
  #from: { x: number; y: number } | null = null;

  constructor(options: PlaceMapOptions) {
    this.#options = options;
    this.#leaflet = makeLeafletMap(options.container, options.theme);
    this.#onceStill = makeOnceStill(this.#leaflet);
    this.#basemap = addBasemap(this.#leaflet, options);
    this.#leaflet.addLayer(this.#regions).addLayer(this.#box);
    this.#leaflet.on('moveend', () => options.onViewChange());
    const { container } = options;
    onHand(container, options.onHand);
    container.addEventListener('pointerdown', (event) => this.#begin(event), { capture: true });
    container.addEventListener('pointermove', (event) => this.#stretch(event), { capture: true });
    container.addEventListener('pointerup', (event) => this.#end(event), { capture: true });
    container.addEventListener('pointercancel', () => this.draw(false));
  }

  /** Larger ones below, so that each can be reached; `chosen` is a slug. */
  showRegions(regions: readonly RegionShape[], chosen: string | null): void {
    this.#regions.clearLayers();
    const outlines = regions.map((region) => this.#outline(region, region.slug === chosen));
    const sizeOf = (outline: GeoJSON): number => {
      const size = outline.getBounds();
      return (size.getEast() - size.getWest()) * (size.getNorth() - size.getSouth());
    };
    for (const outline of outlines.sort((a, b) => sizeOf(b) - sizeOf(a))) this.#regions.addLayer(outline);
  }

  showBox(bounds: Bounds | null): void {
    this.#box.clearLayers();
    if (bounds === null) return;
    const east = bounds.east < bounds.west ? bounds.east + 360 : bounds.east;
    const corners: [number, number][] = [
      [bounds.south, bounds.west],
      [bounds.north, east],
    ];
    this.#box.addLayer(new Rectangle(corners, { className: 'place-box', interactive: false }));
  }

  /** The next drag draws a box. */
  draw(isOn: boolean): void {
    this.#from = null;
    this.#options.container.classList.toggle('is-boxing', isOn);
    this.#leaflet.dragging[isOn ? 'disable' : 'enable']();
    if (!isOn) this.#options.onDrawn();
  }

  fit(bounds: Bounds): void {
    this.#onceStill(() => fitBounds(this.#leaflet, bounds));
  }

  setView({ lat, lon, zoom }: MapView): void {
    this.#leaflet.setView([lat, lon], zoom, { animate: false });
  }

  view(): MapView {
    return viewOf(this.#leaflet);
  }

  bounds(): Bounds {
    return boundsOf(this.#leaflet);
  }

  setTheme(theme: Theme): void {
    this.#options.container.dataset.theme = theme;
    this.#basemap?.setTheme(theme);
  }

  get #isDrawing(): boolean {
    return this.#options.container.classList.contains('is-boxing');
  }

  #begin(event: PointerEvent): void {
    if (!this.#isDrawing || !event.isPrimary || event.button !== 0) return;
    if (event.target instanceof Element && event.target.closest('.leaflet-control') !== null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#from = this.#placeOf(event);
    this.#options.container.setPointerCapture(event.pointerId);
  }

  #stretch(event: PointerEvent): void {
    if (this.#from === null) return;
    event.stopPropagation();
    this.showBox(this.#boundsTo(this.#placeOf(event)));
  }

  #end(event: PointerEvent): void {
    if (this.#from === null) return;
    event.stopPropagation();
    const [from, to] = [this.#from, this.#placeOf(event)];
    const bounds = this.#boundsTo(to);
    if (Math.min(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) < LEAST_BOX_PX) {
      this.#from = null;
      return;
    }
    this.draw(false);
    this.#options.onBox(bounds);
  }

  #placeOf(event: PointerEvent): { x: number; y: number } {
    return this.#leaflet.mouseEventToContainerPoint(event);
  }

  #boundsTo(to: { x: number; y: number }): Bounds {
    const from = this.#from ?? to;
    const corners = [from, to].map(({ x, y }) => this.#leaflet.containerPointToLatLng([x, y]));
    const [lats, lons] = [corners.map(({ lat }) => lat), corners.map(({ lng }) => lng)];
    const [west, east] = [Math.min(...lons), Math.max(...lons)];
    return { west, south: Math.min(...lats), east, north: Math.max(...lats) };
  }

  #outline(region: RegionShape, isChosen: boolean): GeoJSON {
    const outline = outlineOf(region, isChosen ? CHOSEN : OFFERED);
    outline.on('click', () => {
      if (!this.#isDrawing) this.#options.onRegion(region.slug);
    });
    return outline;
  }
}
