/** The outlines of the regions; the ones that are watched are filled a little. */
import { GeoJSON, type Layer, LayerGroup, type Map as LeafletMap, Path } from 'leaflet';
import type { RegionShape } from './types.ts';

export class RegionLayer {
  private readonly group = new LayerGroup();

  constructor(map: LeafletMap) {
    this.group.addTo(map);
  }

  show(regions: readonly RegionShape[], active: ReadonlySet<string>): void {
    this.group.clearLayers();
    for (const region of regions) this.group.addLayer(outlineOf(region, active.has(region.slug)));
  }
}

function outlineOf({ name, colour, polygon }: RegionShape, isActive: boolean): Layer {
  const outline = new GeoJSON(polygon, {
    style: {
      color: colour,
      weight: isActive ? 2 : 1.25,
      opacity: isActive ? 0.9 : 0.55,
      dashArray: isActive ? '' : '4 4',
      fillOpacity: isActive ? 0.05 : 0.01,
      className: 'region',
    },
  });
  outline.eachLayer((layer) => {
    if (layer instanceof Path) layer.bindTooltip(labelOf(name), { sticky: true, className: 'region-name' });
  });
  return outline;
}

/** An element, so that a name is never read as HTML. */
export function labelOf(name: string): HTMLElement {
  const label = document.createElement('span');
  label.textContent = name;
  return label;
}
