/** The map of the past of one vehicle, or of several: tracks, stops, and where they were at the cursor. */
import { DivIcon, type Map as LeafletMap, Marker } from 'leaflet';
import { LETTERS } from '../history/company.ts';
import type { Track, Whereabout } from '../history/track.ts';
import { addBasemap, boundsOf, fitBounds, makeLeafletMap, onHand, viewOf } from './base-map.ts';
import { makeOnceStill } from './once-still.ts';
import { unitX, unitY } from './projection.ts';
import { TrackLayer } from './track-layer.ts';
import { nearestOnLine, rowsOf } from './track-rows.ts';
import type { BasemapOptions, Bounds, MapView, Theme } from './types.ts';

/** As near to the line as a finger can be expected to come. */
const REACH_PX = 14;
const CURSOR_PX = 28;
const LETTER_PX = 22;
/** While it is followed it stays so far from the edges. */
const FOLLOW_PADDING_PX: [number, number] = [96, 96];
const REVEAL_PADDING_PX: [number, number] = [48, 48];
/** With the scale below it. */
const LEGEND_PX = 56;

export interface Place {
  readonly lat: number;
  readonly lon: number;
}

export interface ShownTrack {
  readonly track: Track;
  readonly stops: readonly Place[];
  /** Its place among several; null: it is alone. */
  readonly own: number | null;
}

export interface ShownPlace {
  readonly at: Whereabout | null;
  readonly own: number;
}

export interface HistoryMapOptions extends BasemapOptions {
  container: HTMLElement;
  onPick(timeMs: number): void;
  /** Null: the pointer is at no line. */
  onHover(timeMs: number | null): void;
  onViewChange(): void;
  /** The reader moved it. */
  onUserMove(): void;
  /** The reader's hand is on it. */
  onHand(): void;
}

export interface HistoryMap {
  /** The first one above all others. */
  show(tracks: readonly ShownTrack[]): void;
  /** Of the chosen vehicle, which is the only one or the `own`th, and of the others. */
  showCursor(at: Whereabout | null, own: number | null, others: readonly ShownPlace[]): void;
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
  const onceStill = makeOnceStill(leaflet);
  const basemap = addBasemap(leaflet, options);
  const layer = new TrackLayer(leaflet, options.theme);
  const cursor = new CursorMark();
  const letters = new LetterMarks(leaflet);
  const rowBook = new RowBook();
  let shown: readonly { track: Track; rows: Float64Array }[] = [];

  const timeAt = (at: { x: number; y: number }): number | null => {
    const { view, x, y } = layer.pointIn(at);
    for (const { track, rows } of shown) {
      const found = nearestOnLine(rows, view, { x, y, reach: REACH_PX * view.scale });
      if (found === null) continue;
      const [fromMs, toMs] = [track.times[found.index] as number, track.times[found.index + 1] as number];
      return fromMs + (toMs - fromMs) * found.share;
    }
    return null;
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
  onHand(container, options.onHand);
  leaflet.on('moveend', () => options.onViewChange());

  return {
    show: (tracks) => {
      const drawn = tracks.map(({ track, stops, own }) => ({
        own,
        rows: rowBook.rowsOf(track, { isOwn: own !== null }),
        stops: Float64Array.from(stops.flatMap(({ lat, lon }) => [unitX(lon), unitY(lat)])),
      }));
      shown = tracks.map(({ track }, i) => ({ track, rows: drawn[i]?.rows ?? new Float64Array() }));
      layer.show(drawn);
    },
    showCursor: (at, own, others) => {
      if (at === null) cursor.marker.remove();
      else cursor.show(at, own).addTo(leaflet);
      letters.show(others);
    },
    reveal: ({ lat, lon }, { isFollowing }) => {
      const padding = isFollowing ? FOLLOW_PADDING_PX : REVEAL_PADDING_PX;
      leaflet.panInside([lat, lon], { padding, animate: !isFollowing });
    },
    fit: (bounds) => onceStill(() => fitBounds(leaflet, bounds, LEGEND_PX)),
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

/** Rows are made once for each track: it is shown again whenever another one comes. */
class RowBook {
  private readonly alone = new WeakMap<Track, Float64Array>();
  private readonly own = new WeakMap<Track, Float64Array>();

  rowsOf(track: Track, { isOwn }: { readonly isOwn: boolean }): Float64Array {
    const known = isOwn ? this.own : this.alone;
    const rows = known.get(track) ?? rowsOf(track, { isOwn });
    known.set(track, rows);
    return rows;
  }
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

  show({ lat, lon, headingDeg, isKnown }: Whereabout, own: number | null): Marker {
    if (own === null) delete this.element.dataset.own;
    else this.element.dataset.own = String(own);
    this.element.classList.toggle('is-lost', !isKnown);
    this.element.classList.toggle('is-at-rest', headingDeg === null);
    this.element.style.transform = headingDeg === null ? '' : `rotate(${headingDeg}deg)`;
    return this.marker.setLatLng([lat, lon]);
  }
}

/** Of several vehicles those that are not the chosen one: a letter each, hollow where it was seen last. */
class LetterMarks {
  private readonly marks = new Map<number, { marker: Marker; element: HTMLElement }>();

  constructor(private readonly map: LeafletMap) {}

  show(places: readonly ShownPlace[]): void {
    for (const [own, { marker }] of this.marks) if (!places.some((one) => one.own === own)) marker.remove();
    for (const { at, own } of places) {
      const mark = this.marks.get(own) ?? this.make(own);
      if (at === null) {
        mark.marker.remove();
        continue;
      }
      mark.element.classList.toggle('is-lost', !at.isKnown);
      mark.marker.setLatLng([at.lat, at.lon]).addTo(this.map);
    }
  }

  private make(own: number): { marker: Marker; element: HTMLElement } {
    const element = document.createElement('b');
    element.className = 'letter cursor-letter';
    element.dataset.own = String(own);
    element.textContent = LETTERS[own] ?? '';
    const icon = new DivIcon({ html: element, className: 'track-cursor', iconSize: [LETTER_PX, LETTER_PX] });
    const made = { marker: new Marker([0, 0], { icon, interactive: false, keyboard: false }), element };
    this.marks.set(own, made);
    return made;
  }
}
