/** The map of one vehicle's past: its track, its stops, and where it was at the cursor. */
import { DivIcon, Marker } from 'leaflet';
import type { Track, Whereabout } from '../history/track.ts';
import { addBasemap, boundsOf, fitBounds, makeLeafletMap, viewOf } from './base-map.ts';
import { unitX, unitY } from './projection.ts';
import { TrackLayer } from './track-layer.ts';
import { nearestOnLine, rowsOf } from './track-rows.ts';
import type { BasemapOptions, Bounds, MapView, Theme } from './types.ts';

/** As near to the line as a finger can be expected to come. */
const REACH_PX = 14;
const CURSOR_PX = 28;
/** While it is followed it stays so far from the edges. */
const FOLLOW_PADDING_PX: [number, number] = [96, 96];
const REVEAL_PADDING_PX: [number, number] = [48, 48];
/** With the scale below it. */
const LEGEND_PX = 56;

export interface Place {
  readonly lat: number;
  readonly lon: number;
}

export interface HistoryMapOptions extends BasemapOptions {
  container: HTMLElement;
  onPick(timeMs: number): void;
  /** Null: the pointer is at no line. */
  onHover(timeMs: number | null): void;
  onViewChange(): void;
  /** The reader moved it. */
  onUserMove(): void;
}

export interface HistoryMap {
  show(track: Track, stops: readonly Place[]): void;
  showCursor(at: Whereabout | null): void;
  /** Pans if it is not in view. */
  reveal(place: Place, how: { readonly isFollowing: boolean }): void;
  fit(bounds: Bounds): void;
  setView(view: MapView): void;
  view(): MapView;
  bounds(): Bounds;
  setTheme(theme: Theme): void;
}

export function createHistoryMap(options: HistoryMapOptions): HistoryMap {
  const { container } = options;
  const leaflet = makeLeafletMap(container, options.theme);
  const basemap = addBasemap(leaflet, options);
  const layer = new TrackLayer(leaflet, options.theme);
  const cursor = new CursorMark();
  let shown: Track | null = null;
  let rows = new Float64Array();

  const timeAt = (at: { x: number; y: number }): number | null => {
    if (shown === null) return null;
    const { view, x, y } = layer.pointIn(at);
    const found = nearestOnLine(rows, view, { x, y, reach: REACH_PX * view.scale });
    if (found === null) return null;
    const [fromMs, toMs] = [shown.times[found.index] as number, shown.times[found.index + 1] as number];
    return fromMs + (toMs - fromMs) * found.share;
  };
  leaflet.on('mousemove', ({ containerPoint }) => {
    const timeMs = timeAt(containerPoint);
    container.classList.toggle('is-over-vehicle', timeMs !== null);
    options.onHover(timeMs);
  });
  leaflet.on('mouseout', () => options.onHover(null));
  leaflet.on('click', ({ containerPoint }) => {
    const timeMs = timeAt(containerPoint);
    if (timeMs !== null) options.onPick(timeMs);
  });
  leaflet.on('dragstart', () => options.onUserMove());
  leaflet.on('moveend', () => options.onViewChange());

  return {
    show: (track, stops) => {
      shown = track;
      rows = rowsOf(track) as Float64Array<ArrayBuffer>;
      layer.show({
        rows,
        stops: Float64Array.from(stops.flatMap(({ lat, lon }) => [unitX(lon), unitY(lat)])),
      });
    },
    showCursor: (at) => {
      if (at === null) cursor.marker.remove();
      else cursor.show(at).addTo(leaflet);
    },
    reveal: ({ lat, lon }, { isFollowing }) => {
      const padding = isFollowing ? FOLLOW_PADDING_PX : REVEAL_PADDING_PX;
      leaflet.panInside([lat, lon], { padding, animate: !isFollowing });
    },
    fit: (bounds) => fitBounds(leaflet, bounds, LEGEND_PX),
    setView: ({ lat, lon, zoom }) => {
      leaflet.setView([lat, lon], zoom, { animate: false });
    },
    view: () => viewOf(leaflet),
    bounds: () => boundsOf(leaflet),
    setTheme: (theme) => {
      container.dataset.theme = theme;
      basemap?.setTheme(theme);
      layer.setTheme(theme);
    },
  };
}

/** An arrow where it drove, a dot at rest, hollow where it was seen last. */
class CursorMark {
  private readonly element = document.createElement('div');
  readonly marker: Marker;

  constructor() {
    this.element.className = 'cursor-arrow';
    const icon = new DivIcon({
      html: this.element,
      className: 'track-cursor',
      iconSize: [CURSOR_PX, CURSOR_PX],
    });
    this.marker = new Marker([0, 0], { icon, interactive: false, keyboard: false, zIndexOffset: 1000 });
  }

  show({ lat, lon, headingDeg, isKnown }: Whereabout): Marker {
    this.element.classList.toggle('is-lost', !isKnown);
    this.element.classList.toggle('is-at-rest', headingDeg === null);
    this.element.style.transform = headingDeg === null ? '' : `rotate(${headingDeg}deg)`;
    return this.marker.setLatLng([lat, lon]);
  }
}
