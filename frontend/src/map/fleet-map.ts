/** The live map: puts basemap, regions and vehicles together and speaks the page's language, not Leaflet's. */
import 'leaflet/dist/leaflet.css';
import './fleet-map.css';
import { Control, Map as LeafletMap, TileLayer } from 'leaflet';
import { BasemapLayer } from './basemap/basemap-layer.ts';
import { worldUrl as ownWorldUrl, streetsUrl } from './basemap/files.ts';
import type { StreetFile } from './basemap/streets.ts';
import { Beacon } from './beacon.ts';
import { clockMs } from './clock.ts';
import { FleetState, slotsOf } from './fleet-state.ts';
import { Follower } from './follower.ts';
import { Marked } from './marked.ts';
import { Pointer } from './pointer.ts';
import { latOf, lonOf, type UnitPoint } from './projection.ts';
import { RegionLayer } from './region-layer.ts';
import { Ruler } from './ruler.ts';
import { takeSnapshot } from './snapshot.ts';
import { placesOf } from './street-places.ts';
import { Trails } from './trails.ts';
import { TripLayer } from './trip-layer.ts';
import type { Bounds, FleetMap, FleetMapOptions, MapView, Theme } from './types.ts';
import { VehicleLayer } from './vehicle-layer.ts';

/** Gothenburg, where the demo drives. */
const FIRST_VIEW: MapView = { lat: 57.7, lon: 11.96, zoom: 13 };
const MIN_ZOOM = 3;
const MAX_ZOOM = 19;
const FIT_PADDING_PX = 24;
/** Near enough to see the houses' side of a street. */
const GO_ZOOM = 16;
/** A vehicle at the very edge is not seen. */
const REVEAL_PADDING_PX: [number, number] = [48, 48];
/** A single point would else be shown as close as can be. */
const FIT_MAX_ZOOM = 16;

export function createFleetMap(options: FleetMapOptions): FleetMap {
  const leaflet = makeLeafletMap(options.container, options.theme);
  const state = new FleetState();
  const marked = new Marked(state, (marks) => vehicles.mark(marks));
  const trails = new Trails(state, (slot, rows) => vehicles.setTrail(slot, rows));
  const vehicles = new VehicleLayer({
    map: leaflet,
    theme: options.theme,
    everything: () => state.everything(),
    marks: () => marked.marks,
    trails: () => trails.everything(),
    nameOf: (slot) => options.nameOf(state.idOf(slot)),
  });
  const regions = new RegionLayer(leaflet);
  const trips = new TripLayer(leaflet);
  const follower = new Follower(leaflet, (id) => state.positionAt(id, clockMs()));
  const basemap = addBasemap(leaflet, options);

  const ruler = new Ruler(leaflet, options.onMeasure);
  const beacon = new Beacon(leaflet);
  new Pointer({
    map: leaflet,
    state,
    crowd: () => vehicles.crowd,
    events: options,
    isBusy: () => ruler.isOn || options.container.classList.contains('is-drawing'),
  });
  leaflet.on('dragstart', () => options.onUserMove());
  options.container.addEventListener('keydown', ({ key }) => {
    if (key.startsWith('Arrow')) options.onUserMove();
  });
  leaflet.on('moveend', () => options.onViewChange(viewOf(leaflet)));

  return {
    update: (batch) => {
      vehicles.apply(state.apply(batch, clockMs()));
      marked.refresh();
    },
    restyle: (id, status) => vehicles.apply(state.restyle(id, status)),
    remove: (ids) => {
      for (const id of ids) trails.forget(id);
      const rows = state.remove(ids);
      vehicles.forgetNames(slotsOf(rows));
      vehicles.apply(rows);
      marked.refresh();
    },
    clear: () => {
      state.clear();
      trails.clear();
      vehicles.clear();
      marked.refresh();
    },
    setFilter: (visible) => vehicles.apply(state.filter(visible)),
    select: (ids) => marked.select(ids),
    lift: (id) => marked.lift(id),
    follow: (id) => follower.follow(id),
    panTo: (id) => {
      const position = state.positionAt(id, clockMs());
      leaflet.invalidateSize({ pan: false });
      if (position !== null) leaflet.panTo(latLngOf(position));
    },
    reveal: (id) => {
      const position = state.positionAt(id, clockMs());
      leaflet.invalidateSize({ pan: false });
      if (position !== null) leaflet.panInside(latLngOf(position), { padding: REVEAL_PADDING_PX });
    },
    setView: ({ lat, lon, zoom }) => {
      leaflet.setView([lat, lon], zoom, { animate: false });
    },
    view: () => viewOf(leaflet),
    fit: ({ west, south, east, north }) => {
      const corners: [number, number][] = [
        [south, west],
        [north, east],
      ];
      leaflet.fitBounds(corners, { padding: [FIT_PADDING_PX, FIT_PADDING_PX], maxZoom: FIT_MAX_ZOOM });
    },
    goTo: (place) => {
      beacon.show(place);
      if (place !== null) leaflet.setView([place.lat, place.lon], Math.max(leaflet.getZoom(), GO_ZOOM));
    },
    places: async () => (options.tileUrl ? [] : placesOf(await loadStreets(options))),
    measure: (isOn) => ruler.switch(isOn),
    measureLess: () => ruler.undo(),
    picture: (note) => takeSnapshot(leaflet, note),
    bounds: () => boundsOf(leaflet),
    showTrails: (changes) => trails.show(changes),
    openDrawing: async (drawing) => {
      const { openAreaDrawing } = await import('./area-drawing.ts');
      return openAreaDrawing(leaflet, drawing);
    },
    showRegions: (shapes, active) => regions.show(shapes, active),
    showTrip: (lines, colour) => trips.show(lines, colour),
    setTheme: (theme) => {
      options.container.dataset.theme = theme;
      vehicles.setTheme(theme);
      basemap?.setTheme(theme);
    },
    setFeedLost: (lost) => options.container.classList.toggle('is-feed-lost', lost),
    labels: (labels) => vehicles.setLabels(labels),
    renamed: () => vehicles.forgetNames(null),
  };
}

function makeLeafletMap(container: HTMLElement, theme: Theme): LeafletMap {
  container.classList.add('fleet-map');
  container.dataset.theme = theme;
  const map = new LeafletMap(container, {
    center: [FIRST_VIEW.lat, FIRST_VIEW.lon],
    zoom: FIRST_VIEW.zoom,
    minZoom: MIN_ZOOM,
    maxZoom: MAX_ZOOM,
    worldCopyJump: true,
    zoomControl: false,
    // Tiles come within a few frames; fading each in would repaint the whole map a dozen times.
    fadeAnimation: false,
  });
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  new Control.Zoom({ position: 'bottomright' }).addTo(map);
  // Columns of the page open and close beside it; what is in view stays where it is.
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(container);
  new Control.Scale({ position: 'bottomleft', imperial: false }).addTo(map);
  return map;
}

/** The own streets, or raster tiles where the page names a server; null then. */
function addBasemap(map: LeafletMap, options: FleetMapOptions): BasemapLayer | null {
  const { tileUrl, tileAttribution = '', basemapUrl = streetsUrl, worldUrl = ownWorldUrl } = options;
  if (tileUrl) {
    new TileLayer(tileUrl, { attribution: tileAttribution, maxZoom: MAX_ZOOM }).addTo(map);
    return null;
  }
  const sources = { streetsUrl: absolute(basemapUrl), worldUrl: absolute(worldUrl) };
  return new BasemapLayer(sources, options.theme).addTo(map);
}

async function loadStreets({ basemapUrl = streetsUrl }: FleetMapOptions): Promise<StreetFile> {
  const response = await fetch(basemapUrl);
  if (!response.ok) throw new Error(`${basemapUrl} answered ${response.status}`);
  return (await response.json()) as StreetFile;
}

/** A worker has another base than the page. */
function absolute(url: string): string {
  return new URL(url, document.baseURI).href;
}

function viewOf(leaflet: LeafletMap): MapView {
  const { lat, lng } = leaflet.getCenter();
  return { lat, lon: lng, zoom: leaflet.getZoom() };
}

function boundsOf(leaflet: LeafletMap): Bounds {
  const shown = leaflet.getBounds();
  return {
    west: shown.getWest(),
    south: shown.getSouth(),
    east: shown.getEast(),
    north: shown.getNorth(),
  };
}

function latLngOf({ x, y }: UnitPoint): [lat: number, lon: number] {
  return [latOf(y), lonOf(x)];
}
