/** The names of the regions on the map, with how many vehicles are in each; none covers another, nor lies under what stands there. */
import type { Map as LeafletMap } from 'leaflet';
import { boundsOf } from '../bounds.ts';
import { isInPolygon } from '../polygon.ts';
import { cornersOf } from '../regions.ts';
import type { AboveNames } from './above-names.ts';
import type { Box } from './label-box.ts';
import type { Sign } from './label-painter.ts';
import { boxAt, type SeatWish, type Spot, seatOf } from './label-seat.ts';
import { labelSpot } from './label-spot.ts';
import { latOf, lonOf, nearestCopy, type UnitPoint, unitX, unitY, worldPx } from './projection.ts';
import type { RegionShape } from './types.ts';

const PANE = 'regionNames';
/** Above the outlines (400) and below the vehicles. */
const PANE_Z_INDEX = '405';
/** Where the map's tools, its scale and the legend of trails lie. */
const EDGE_PX = { left: 8, top: 8, right: 48, bottom: 68 };
/** A smaller region has no name: it would not be seen below it. */
const SMALLEST_PX = 16;

interface Label {
  readonly region: RegionShape;
  readonly home: UnitPoint;
  /** The longer side of the region, in units. */
  readonly extent: number;
  readonly element: HTMLElement;
  readonly count: HTMLElement;
  /** Null: nowhere at this zoom, or not yet. */
  seat: UnitPoint | null;
}

export interface RegionLabelsOptions {
  readonly map: LeafletMap;
  /** In a part of the world, which is so many pixels wide. */
  above(part: Box, world: number): AboveNames;
  /** What stands where, whenever that changes. */
  onSigns(signs: readonly Sign[]): void;
}

export class RegionLabels {
  readonly #options: RegionLabelsOptions;
  readonly #pane: HTMLElement;
  #labels: readonly Label[] = [];
  #counts: ReadonlyMap<string, number> = new Map();
  #signs = '';
  /** For which there are seats. */
  #zoom = Number.NaN;

  constructor(options: RegionLabelsOptions) {
    const { map } = options;
    this.#options = options;
    this.#pane = map.createPane(PANE);
    this.#pane.style.zIndex = PANE_Z_INDEX;
    this.#pane.hidden = true;
    map.on('viewreset', () => this.#arrange());
    map.on('zoomstart', () => {
      this.#zoom = Number.NaN;
      this.#pane.hidden = true;
    });
  }

  show(regions: readonly RegionShape[]): void {
    this.#labels = regions.flatMap((region) => labelOf(region) ?? []);
    this.#pane.replaceChildren(...this.#labels.map(({ element }) => element));
    this.count(this.#counts);
  }

  /** Now and then: vehicles have moved, and so has the map. Without a number: nobody here knows. */
  count(counts: ReadonlyMap<string, number>): void {
    this.#counts = counts;
    for (const { region, count } of this.#labels) {
      const text = String(counts.get(region.slug) ?? '');
      if (count.textContent !== text) count.textContent = text;
    }
    this.#arrange();
  }

  /** The vehicles are, at this zoom: who stands where is known again. */
  drawn(zoom: number): void {
    if (zoom === this.#zoom || zoom !== this.#options.map.getZoom()) return;
    for (const label of this.#labels) label.seat = null;
    this.#zoom = zoom;
    this.#pane.hidden = false;
    this.#arrange();
  }

  /** Fullest first: where names leave no room for each other, the one that tells more stays. */
  #arrange(): void {
    if (this.#pane.hidden) return;
    const world = worldPx(this.#zoom);
    const view = this.#view();
    const { vehicles, clusters } = this.#options.above(view, world);
    const taken = [...clusters];
    const signs: Sign[] = [];
    for (const label of this.#byCount) {
      const wish = wishOf(label, view, world);
      const isSeen = label.extent * world >= SMALLEST_PX;
      const seat = isSeen ? seatOf(wish, { view, taken, vehicles }) : null;
      label.seat = seat && { x: seat.x / world, y: seat.y / world };
      this.#place(label, seat && boxAt(seat, wish));
      if (label.seat === null || seat === null) continue;
      taken.push(boxAt(seat, wish));
      signs.push({ ...label.seat, width: wish.width, height: wish.height });
    }
    this.#tell(signs);
  }

  get #byCount(): readonly Label[] {
    const countOf = ({ region }: Label): number => this.#counts.get(region.slug) ?? 0;
    return this.#labels.toSorted((a, b) => countOf(b) - countOf(a));
  }

  /** In pixels of the world, without the map's edge. */
  #view(): Box {
    const { min, max } = this.#options.map.getPixelBounds();
    const { left, top, right, bottom } = EDGE_PX;
    if (min === undefined || max === undefined) return { left: 0, top: 0, width: 0, height: 0 };
    return {
      left: min.x + left,
      top: min.y + top,
      width: max.x - min.x - left - right,
      height: max.y - min.y - top - bottom,
    };
  }

  #place({ element }: Label, box: Box | null): void {
    const origin = this.#options.map.getPixelOrigin();
    element.style.visibility = box === null ? 'hidden' : '';
    if (box === null) return;
    const [x, y] = [Math.round(box.left - origin.x), Math.round(box.top - origin.y)];
    element.style.transform = `translate(${x}px, ${y}px)`;
  }

  #tell(signs: readonly Sign[]): void {
    const text = JSON.stringify(signs);
    if (text === this.#signs) return;
    this.#signs = text;
    this.#options.onSigns(signs);
  }
}

function wishOf({ region, home, element, seat }: Label, view: Box, world: number): SeatWish {
  const middle = (view.left + view.width / 2) / world;
  const spotOf = ({ x, y }: UnitPoint): Spot => ({ x: nearestCopy(x, middle) * world, y: y * world });
  return {
    home: spotOf(home),
    width: element.offsetWidth,
    height: element.offsetHeight,
    seat: seat && spotOf(seat),
    isInside: ({ x, y }) =>
      isInPolygon(region.polygon, { lat: latOf(y / world), lon: lonOf(nearestCopy(x / world, home.x)) }),
  };
}

function extentOf(region: RegionShape): number {
  const bounds = boundsOf(cornersOf([region]));
  if (bounds === null) return 0;
  const { west, south, east, north } = bounds;
  return Math.max(unitX(east) - unitX(west), unitY(south) - unitY(north));
}

function labelOf(region: RegionShape): Label | null {
  const spot = labelSpot(region.polygon);
  if (spot === null) return null;
  const element = document.createElement('div');
  const count = document.createElement('b');
  element.className = 'region-label leaflet-zoom-hide';
  element.append(region.name, count);
  const home = { x: unitX(spot.lon), y: unitY(spot.lat) };
  return { region, home, extent: extentOf(region), element, count, seat: null };
}
