/** What the rest of the page knows of the map: plain values in, callbacks out, nothing of Leaflet. */
import type * as GeoJSON from 'geojson';

/** 0 unknown, 1 moving, 2 idle, 3 stopped, 4 stale, 5 offline, 6 alarm. Not the wire's numbers: stale and offline are the reader's. */
export type DrawStatus = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export interface VehicleUpdate {
  id: number;
  lat: number;
  lon: number;
  /** Degrees clockwise from north; null draws no arrow. */
  headingDeg: number | null;
  speedMps: number | null;
  status: DrawStatus;
  fixTimeMs: number;
}

export interface MapView {
  lat: number;
  lon: number;
  zoom: number;
}

export interface TrailPoint {
  timeMs: number;
  lat: number;
  lon: number;
  speedMps: number | null;
}

export interface Place {
  name: string;
  lat: number;
  lon: number;
}

export interface Measured {
  /** How many were clicked. */
  points: number;
  /** Through them, on to the pointer. */
  distanceM: number;
}

export type Area = GeoJSON.Polygon | GeoJSON.MultiPolygon;

export interface RegionShape {
  slug: string;
  name: string;
  colour: string;
  polygon: Area;
}

/** What the pointer does to the area: drags its corners, moves it whole, or cuts a piece out. */
export type DrawTool = 'corners' | 'move' | 'cut';

export interface AreaDrawingOptions {
  /** The pointer drew or changed the area. */
  onChange(area: Area): void;
  /** It is with another tool from now on. */
  onTool(tool: DrawTool): void;
}

/** One area that is being drawn or changed; meanwhile clicks pick no vehicles. */
export interface AreaDrawing {
  /** A new one, corner by corner, in place of any other; once more, it goes on. */
  draw(colour: string): void;
  show(area: Area, colour: string): void;
  use(tool: DrawTool): void;
  /** At the area; empty: nothing is wrong. */
  complain(text: string): void;
  clear(): void;
}

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** `auto`: while few vehicles are in view and streets are near. */
export type Labels = 'auto' | 'on' | 'off';

/** Drawn as one line. */
export type TripLine = readonly { readonly lat: number; readonly lon: number }[];

export type Theme = 'light' | 'dark';

export interface BasemapOptions {
  theme: Theme;
  /** Own basemap files; without them the ones built into the bundle are used. */
  basemapUrl?: string;
  worldUrl?: string;
  /** Raster tiles in place of the own basemap, as a Leaflet template. */
  tileUrl?: string;
  tileAttribution?: string;
}

export interface FleetMapOptions extends BasemapOptions {
  container: HTMLElement;
  /** Asked for those only that are to be written. */
  nameOf(id: number): string;
  /** `isMore`: with Ctrl, Command or Shift. */
  onPick(id: number | null, how: { isMore: boolean }): void;
  /** Vehicles that no zoom can tell apart, and the place in the container where they lie. */
  onPile(ids: readonly number[], at: { x: number; y: number }): void;
  onHover(id: number | null): void;
  onViewChange(view: MapView): void;
  /** The user dragged the map: leave follow. */
  onUserMove(): void;
  /** A hand is on it: whatever comes late leaves the view as it is. */
  onHand(): void;
  /** Null when nobody measures. */
  onMeasure(measured: Measured | null): void;
}

export interface FleetMap {
  /** Upsert; the vehicle glides to the new fix. */
  update(batch: readonly VehicleUpdate[]): void;
  /** Upsert; the vehicle is there at once, whatever was known of it. */
  put(batch: readonly VehicleUpdate[]): void;
  /** The status changed without a new fix (stale, offline). */
  restyle(id: number, status: DrawStatus): void;
  remove(ids: readonly number[]): void;
  clear(): void;
  setFilter(visible: ((id: number) => boolean) | null): void;
  select(ids: readonly number[]): void;
  /** Draws one above all others; null: none. */
  lift(id: number | null): void;
  follow(id: number | null): void;
  panTo(id: number): void;
  /** Pans only if it is not in view. */
  reveal(id: number): void;
  setView(view: MapView): void;
  view(): MapView;
  fit(bounds: Bounds): void;
  /** Shows and marks a place; null takes the mark away. */
  goTo(place: { lat: number; lon: number } | null): void;
  /** Streets by name; throws when they cannot be had. */
  places(): Promise<readonly Place[]>;
  measure(isOn: boolean): void;
  /** Takes the last point back. */
  measureLess(): void;
  /** As PNG, with a note in its corner. */
  picture(note: string): Promise<Blob>;
  /** What is in view. */
  bounds(): Bounds;
  /** The whole trails of those that changed; null takes one away. */
  showTrails(changes: ReadonlyMap<number, readonly TrailPoint[] | null>): void;
  openDrawing(options: AreaDrawingOptions): Promise<AreaDrawing>;
  showRegions(regions: readonly RegionShape[], active: ReadonlySet<string>): void;
  /** How many vehicles are in each, by slug; those left out have no number. */
  countRegions(counts: ReadonlyMap<string, number>): void;
  /** One trip, in place of the one before. */
  showTrip(lines: readonly TripLine[], colour: string): void;
  setTheme(theme: Theme): void;
  setFeedLost(lost: boolean): void;
  labels(labels: Labels): void;
  /** Vehicles came or have other names. */
  renamed(): void;
}
