/** What every map of ours has: streets below, zoom and scale in the corners. */
import 'leaflet/dist/leaflet.css';
import './fleet-map.css';
import { Control, DomUtil, type LatLng, Map as LeafletMap, TileLayer } from 'leaflet';
import { nextFrame } from '../frames.ts';
import { t } from '../texts.ts';
import { BasemapLayer } from './basemap/basemap-layer.ts';
import { worldUrl as ownWorldUrl, streetsUrl } from './basemap/files.ts';
import { zoomOfWorld } from './projection.ts';
import type { BasemapOptions, Bounds, MapView, Theme } from './types.ts';

/** Gothenburg, where the demo drives. */
const FIRST_VIEW: MapView = { lat: 57.7, lon: 11.96, zoom: 13 };
const MAX_ZOOM = 19;
const FIT_PADDING_PX = 24;
/** A single point would else be shown as close as can be. */
const FIT_MAX_ZOOM = 16;

export function makeLeafletMap(container: HTMLElement, theme: Theme): LeafletMap {
  container.classList.add('fleet-map');
  container.dataset.theme = theme;
  const map = new LeafletMap(container, {
    center: [FIRST_VIEW.lat, FIRST_VIEW.lon],
    zoom: FIRST_VIEW.zoom,
    minZoom: zoomOfWorld(container.clientWidth),
    maxZoom: MAX_ZOOM,
    worldCopyJump: true,
    zoomControl: false,
    // Tiles come within a few frames; fading each in would repaint the whole map a dozen times.
    fadeAnimation: false,
  });
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  const titles = { zoomInTitle: t('Zoom in'), zoomOutTitle: t('Zoom out') };
  new Control.Zoom({ position: 'bottomright', ...titles }).addTo(map);
  // Columns of the page open and close beside it; what is in view stays where it is.
  new ResizeObserver(() => {
    map.invalidateSize({ pan: false });
    map.setMinZoom(zoomOfWorld(container.clientWidth));
  }).observe(container);
  new Control.Scale({ position: 'bottomleft', imperial: false }).addTo(map);
  return map;
}

/** The own streets, or raster tiles where the page names a server; null then. */
export function addBasemap(map: LeafletMap, options: BasemapOptions): BasemapLayer | null {
  const { tileUrl, tileAttribution = '', basemapUrl = streetsUrl, worldUrl = ownWorldUrl } = options;
  if (tileUrl) {
    new TileLayer(tileUrl, { attribution: tileAttribution, maxZoom: MAX_ZOOM }).addTo(map);
    return null;
  }
  const sources = { streetsUrl: absolute(basemapUrl), worldUrl: absolute(worldUrl) };
  const layer = new BasemapLayer(sources, options.theme);
  // Its worker and first tiles are half of what a map costs to make.
  void nextFrame().then(() => layer.addTo(map));
  return layer;
}

export function viewOf(leaflet: LeafletMap): MapView {
  const { lat, lng } = leaflet.getCenter();
  return { lat, lon: lng, zoom: leaflet.getZoom() };
}

export function boundsOf(leaflet: LeafletMap): Bounds {
  const shown = leaflet.getBounds();
  return {
    west: shown.getWest(),
    south: shown.getSouth(),
    east: shown.getEast(),
    north: shown.getNorth(),
  };
}

/** `footPx` of the map are covered by something at its foot. */
export function fitBounds(leaflet: LeafletMap, { west, south, east, north }: Bounds, footPx = 0): void {
  const corners: [number, number][] = [
    [south, west],
    [north, east],
  ];
  leaflet.fitBounds(corners, {
    paddingTopLeft: [FIT_PADDING_PX, FIT_PADDING_PX],
    paddingBottomRight: [FIT_PADDING_PX, FIT_PADDING_PX + footPx],
    maxZoom: FIT_MAX_ZOOM,
  });
}

/** Somebody takes the map in hand; what comes late leaves it where it is then. */
export function onHand(container: HTMLElement, listener: () => void): void {
  for (const kind of ['pointerdown', 'wheel', 'keydown'])
    container.addEventListener(kind, listener, { capture: true, passive: true });
}

/** A worker has another base than the page. */
function absolute(url: string): string {
  return new URL(url, document.baseURI).href;
}

/** The map's pixel origin once a zoom has ended; Leaflet computes it so, but keeps it to itself. */
export function originAfter(map: LeafletMap, center: LatLng, zoom: number): { x: number; y: number } {
  const pane = map.getPane('mapPane');
  const half = map.getSize().divideBy(2);
  const corner = map.project(center, zoom).subtract(half);
  return (pane === undefined ? corner : corner.add(DomUtil.getPosition(pane))).round();
}
