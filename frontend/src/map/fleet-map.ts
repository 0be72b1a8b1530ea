/** The live map: puts basemap, regions and vehicles together and speaks the page's language, not Leaflet's. */
import { aboveNamesIn } from './above-names.ts';
import { addBasemap, boundsOf, fitBounds, makeLeafletMap, onHand, viewOf } from './base-map.ts';
import { streetsUrl } from './basemap/files.ts';
import type { StreetFile } from './basemap/streets.ts';
import { Beacon } from './beacon.ts';
import { clockMs } from './clock.ts';
import { FleetState, slotsOf } from './fleet-state.ts';
import { Follower } from './follower.ts';
import { Marked } from './marked.ts';
import { makeOnceStill } from './once-still.ts';
import { Pointer } from './pointer.ts';
import { latOf, lonOf, type UnitPoint } from './projection.ts';
import { RegionLabels } from './region-labels.ts';
import { RegionLayer } from './region-layer.ts';
import { Ruler } from './ruler.ts';
import { takeSnapshot } from './snapshot.ts';
import { placesOf } from './street-places.ts';
import { Trails } from './trails.ts';
import { TripLayer } from './trip-layer.ts';
import type { FleetMap, FleetMapOptions } from './types.ts';
import { VehicleLayer } from './vehicle-layer.ts';

/** Near enough to see the houses' side of a street. */
const GO_ZOOM = 16;
/** Of a map that shows more than a town, a vehicle is no place that one could name. */
const TOWN_ZOOM = 10;
/** A vehicle at the very edge is not seen, nor is one under the legend of trails. */
const REVEAL_PADDING = {
  paddingTopLeft: [48, 48],
  paddingBottomRight: [48, 96],
} satisfies Record<string, [number, number]>;

export function createFleetMap(options: FleetMapOptions): FleetMap {
  const leaflet = makeLeafletMap(options.container, options.theme);
  const onceStill = makeOnceStill(leaflet);
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
    onPicture: (zoom) => regionLabels.drawn(zoom),
  });
  const regions = new RegionLayer(leaflet);
  const regionLabels = new RegionLabels({
    map: leaflet,
    above: (box, world) => aboveNamesIn({ box, world, nowMs: clockMs() }, state.glides, vehicles.crowd),
    onSigns: (signs) => vehicles.setSigns(signs),
  });
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
  onHand(options.container, options.onHand);
  options.container.addEventListener('keydown', ({ key }) => {
    if (key.startsWith('Arrow')) options.onUserMove();
  });
  leaflet.on('moveend', () => options.onViewChange(viewOf(leaflet)));

  return {
    update: (batch) => {
      vehicles.apply(state.apply(batch, clockMs()));
      marked.refresh();
    },
    put: (batch) => {
      vehicles.apply(state.put(batch, clockMs()));
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
      if (position === null) return;
      onceStill(() => {
        if (leaflet.getZoom() < TOWN_ZOOM) leaflet.setView(latLngOf(position), GO_ZOOM);
        else leaflet.panTo(latLngOf(position));
      });
    },
    reveal: (id) => {
      const position = state.positionAt(id, clockMs());
      leaflet.invalidateSize({ pan: false });
      if (position !== null) onceStill(() => leaflet.panInside(latLngOf(position), REVEAL_PADDING));
    },
    setView: ({ lat, lon, zoom }) => {
      leaflet.setView([lat, lon], zoom, { animate: false });
    },
    view: () => viewOf(leaflet),
    fit: (bounds) => onceStill(() => fitBounds(leaflet, bounds)),
    goTo: (place) => {
      beacon.show(place);
      if (place === null) return;
      onceStill(() => leaflet.setView([place.lat, place.lon], Math.max(leaflet.getZoom(), GO_ZOOM)));
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
    showRegions: (shapes, active) => {
      regions.show(shapes, active);
      regionLabels.show(shapes);
    },
    countRegions: (counts) => regionLabels.count(counts),
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

async function loadStreets({ basemapUrl = streetsUrl }: FleetMapOptions): Promise<StreetFile> {
  const response = await fetch(basemapUrl);
  if (!response.ok) throw new Error(`${basemapUrl} answered ${response.status}`);
  return (await response.json()) as StreetFile;
}

function latLngOf({ x, y }: UnitPoint): [lat: number, lon: number] {
  return [latOf(y), lonOf(x)];
}
