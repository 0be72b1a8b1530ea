/** The outlines of the regions; the ones that are watched are filled a little. */
import { GeoJSON, LayerGroup, type Map as LeafletMap, Path } from 'leaflet';
import type { RegionShape } from './types.ts';

export interface OutlineLook {
  readonly weight: number;
  readonly opacity: number;
  readonly dashArray: string;
  readonly fillOpacity: number;
}

const WATCHED: OutlineLook = { weight: 2, opacity: 0.9, dashArray: '', fillOpacity: 0.05 };
const OTHER: OutlineLook = { weight: 1.25, opacity: 0.55, dashArray: '4 4', fillOpacity: 0.01 };

export class RegionLayer {
  private readonly group = new LayerGroup();

  constructor(map: LeafletMap) {
    this.group.addTo(map);
  }

  show(regions: readonly RegionShape[], active: ReadonlySet<string>): void {
    this.group.clearLayers();
    for (const region of regions)
      this.group.addLayer(outlineOf(region, active.has(region.slug) ? WATCHED : OTHER));
  }
}

export function outlineOf({ name, colour, polygon }: RegionShape, look: OutlineLook): GeoJSON {
  const outline = new GeoJSON(polygon, { style: { color: colour, className: 'region', ...look } });
  outline.eachLayer((layer) => {
    if (!(layer instanceof Path)) return;
    layer.bindTooltip(labelOf(name), { sticky: true, className: 'region-name' });
    // What listens for focus, as tooltips do, Chromium stops at with Tab.
    layer.on('add', () => layer.getElement()?.setAttribute('tabindex', '-1'));
  });
  return outline;
}

/** An element, so that a name is never read as HTML. */
function labelOf(name: string): HTMLElement {
  const label = document.createElement('span');
  label.textContent = name;
  return label;
}
