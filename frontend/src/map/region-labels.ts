/** The names of the regions on the map, with how many vehicles are in each; none covers another. */
import type { Map as LeafletMap } from 'leaflet';
import type { Point } from '../bounds.ts';
import { keptApart } from './label-box.ts';
import type { Sign } from './label-painter.ts';
import { labelSpot } from './label-spot.ts';
import { unitX, unitY } from './projection.ts';
import type { RegionShape } from './types.ts';

const PANE = 'regionNames';
/** Above the outlines (400) and below the vehicles. */
const PANE_Z_INDEX = '405';

interface Label {
  readonly slug: string;
  readonly spot: Point;
  readonly element: HTMLElement;
  readonly count: HTMLElement;
}

export class RegionLabels {
  private readonly map: LeafletMap;
  /** What stands where, whenever that changes. */
  private readonly onSigns: (signs: readonly Sign[]) => void;
  private labels: readonly Label[] = [];
  private counts: ReadonlyMap<string, number> = new Map();

  constructor(map: LeafletMap, onSigns: (signs: readonly Sign[]) => void) {
    this.map = map;
    this.onSigns = onSigns;
    map.createPane(PANE).style.zIndex = PANE_Z_INDEX;
    map.on('zoomend viewreset', () => this.arrange());
  }

  show(regions: readonly RegionShape[]): void {
    this.labels = regions.flatMap((region) => {
      const spot = labelSpot(region.polygon);
      return spot === null ? [] : [makeLabel(region, spot)];
    });
    this.map.getPane(PANE)?.replaceChildren(...this.labels.map(({ element }) => element));
    this.write();
    this.arrange();
  }

  /** Without a number: nobody here knows. */
  count(counts: ReadonlyMap<string, number>): void {
    this.counts = counts;
    if (this.write()) this.arrange();
  }

  /** Says whether anything changed. */
  private write(): boolean {
    let isChanged = false;
    for (const { slug, count } of this.labels) {
      const text = String(this.counts.get(slug) ?? '');
      if (count.textContent === text) continue;
      count.textContent = text;
      isChanged = true;
    }
    return isChanged;
  }

  /** Fullest first: where two names would cover each other, the one that tells more stays. */
  private arrange(): void {
    const byCount = this.labels.toSorted(
      (a, b) => (this.counts.get(b.slug) ?? 0) - (this.counts.get(a.slug) ?? 0),
    );
    const boxes = byCount.map(({ element, spot }) => {
      const { x, y } = this.map.latLngToLayerPoint([spot.lat, spot.lon]);
      const { offsetWidth: width, offsetHeight: height } = element;
      return { left: x - width / 2, top: y - height / 2, width, height };
    });
    const kept = keptApart(boxes);
    byCount.forEach(({ element }, i) => {
      const { left = 0, top = 0 } = boxes[i] ?? {};
      element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
      element.style.visibility = kept[i] ? '' : 'hidden';
    });
    this.onSigns(
      byCount.flatMap(({ spot }, i) => {
        const { width = 0, height = 0 } = boxes[i] ?? {};
        return kept[i] ? [{ x: unitX(spot.lon), y: unitY(spot.lat), width, height }] : [];
      }),
    );
  }
}

function makeLabel({ slug, name }: RegionShape, spot: Point): Label {
  const element = document.createElement('div');
  const count = document.createElement('b');
  element.className = 'region-label leaflet-zoom-hide';
  element.append(name, count);
  return { slug, spot, element, count };
}
