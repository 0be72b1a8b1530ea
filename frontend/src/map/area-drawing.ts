/** Drawing and changing one area with the pointer; carries Leaflet-Geoman, so it is loaded when somebody begins to draw. */
import { L } from './leaflet-global.ts';
import '@geoman-io/leaflet-geoman-free';
import './area-drawing.css';
import {
  GeoJSON,
  type LatLng,
  type Layer,
  type Map as LeafletMap,
  type PathOptions,
  type PM,
  Polygon,
} from 'leaflet';
import type { Area, AreaDrawing, AreaDrawingOptions, DrawTool } from './types.ts';

/** Each corner is an element that can be dragged: of an area with more, those nearest to the pointer. */
const MOST_HANDLES = 200;
const DRAWING = 'is-drawing';

export function openAreaDrawing(map: LeafletMap, options: AreaDrawingOptions): AreaDrawing {
  // It takes maps too, which its types do not know.
  L.PM.reInitLayer(map as unknown as Layer);
  return new GeomanDrawing(map, options);
}

class GeomanDrawing implements AreaDrawing {
  readonly #map: LeafletMap;
  readonly #options: AreaDrawingOptions;
  #polygon: Polygon | null = null;
  /** What `#polygon` shows, as text. */
  #shown = '';
  #colour = '';
  #tool: DrawTool = 'corners';

  constructor(map: LeafletMap, options: AreaDrawingOptions) {
    this.#map = map;
    this.#options = options;
    map.on('pm:create', ({ layer }) => {
      layer.remove();
      this.#report(layer);
    });
    map.on('pm:cut', ({ layer }) => {
      layer.remove();
      this.#use('corners');
      this.#report(layer);
    });
  }

  draw(colour: string): void {
    if (this.#polygon === null && this.#map.pm.globalDrawModeEnabled()) return;
    this.clear();
    this.#colour = colour;
    this.#map.getContainer().classList.add(DRAWING);
    this.#map.pm.enableDraw('Polygon', this.#drawOptions());
  }

  show(area: Area, colour: string): void {
    this.#map.getContainer().classList.add(DRAWING);
    const isSame = JSON.stringify(area) === this.#shown;
    if (isSame && colour === this.#colour && this.#polygon !== null && this.#map.hasLayer(this.#polygon))
      return;
    this.#colour = colour;
    if (isSame && this.#polygon !== null) this.#polygon.setStyle(styleOf(colour)).addTo(this.#map);
    else this.#replace(area);
    this.#apply();
  }

  use(tool: DrawTool): void {
    this.#use(tool);
    this.#apply();
  }

  complain(text: string): void {
    const polygon = this.#polygon;
    polygon?.unbindTooltip();
    if (polygon === null || text === '') return;
    // Above it: the centre of an area that crosses itself may be anywhere.
    const bounds = polygon.getBounds();
    const top: [number, number] = [bounds.getNorth(), bounds.getCenter().lng];
    polygon.bindTooltip(noteOf(text), { permanent: true, direction: 'top', className: 'area-problem' });
    polygon.openTooltip(top);
  }

  clear(): void {
    this.#map.pm.disableDraw();
    this.#remove();
    this.#shown = '';
    this.#use('corners');
    this.#map.getContainer().classList.remove(DRAWING);
  }

  #use(tool: DrawTool): void {
    if (tool === this.#tool) return;
    this.#tool = tool;
    this.#options.onTool(tool);
  }

  #replace(area: Area): void {
    this.#remove();
    this.#shown = JSON.stringify(area);
    this.#polygon = new Polygon(latLngsOf(area), styleOf(this.#colour)).addTo(this.#map);
    for (const event of ['pm:edit', 'pm:dragend'] as const) {
      // After a cut, the one that was cut says so as well.
      this.#polygon.on(event, ({ layer }) => layer === this.#polygon && this.#report(layer));
    }
  }

  #remove(): void {
    this.#polygon?.pm.disable();
    this.#polygon?.pm.disableLayerDrag();
    this.#polygon?.remove();
    this.#polygon = null;
  }

  #apply(): void {
    const polygon = this.#polygon;
    this.#map.pm.disableDraw();
    if (polygon === null) return;
    polygon.pm.disable();
    polygon.pm.disableLayerDrag();
    polygon.pm.setOptions({ draggable: this.#tool === 'move' });
    if (this.#tool === 'move') polygon.pm.enableLayerDrag();
    else if (this.#tool === 'cut') {
      this.#map.pm.enableDraw('Cut', { ...this.#drawOptions(), layersToCut: [polygon] });
    } else polygon.pm.enable(editOptions(polygon));
  }

  #drawOptions(): PM.DrawModeOptions {
    const line = { color: this.#colour, weight: 2 };
    return {
      allowSelfIntersection: false,
      finishOnEnter: true,
      templineStyle: line,
      hintlineStyle: { ...line, dashArray: '5 5' },
      pathOptions: styleOf(this.#colour),
    };
  }

  /** What nothing is left of, and what is as it was, is not news. */
  #report(layer: unknown): void {
    const area = layer instanceof Polygon ? (layer.toGeoJSON().geometry as Area) : areaOf(layer);
    if (area === null) {
      this.#polygon?.addTo(this.#map);
      return;
    }
    if (JSON.stringify(area) === this.#shown) return;
    if (layer === this.#polygon) this.#shown = JSON.stringify(area);
    this.#options.onChange(area);
  }
}

/** Of the pieces that a cut leaves. */
function areaOf(layer: unknown): Area | null {
  if (!(layer instanceof L.LayerGroup)) return null;
  const pieces = layer.getLayers().filter((piece) => piece instanceof Polygon);
  const areas = pieces.map((piece) => piece.toGeoJSON().geometry as Area);
  const coordinates = areas.flatMap((area) =>
    area.type === 'Polygon' ? [area.coordinates] : area.coordinates,
  );
  return coordinates.length === 0 ? null : { type: 'MultiPolygon', coordinates };
}

function editOptions(polygon: Polygon): PM.EditModeOptions {
  const corners = (polygon.getLatLngs() as LatLng[][]).flat(2).length;
  return {
    // Between two good areas there may be a bad one; what is saved is judged by the server.
    allowSelfIntersection: true,
    removeLayerBelowMinVertexCount: false,
    limitMarkersToCount: corners > MOST_HANDLES ? MOST_HANDLES : -1,
  };
}

function latLngsOf(area: Area): LatLng[][] | LatLng[][][] {
  return GeoJSON.coordsToLatLngs(area.coordinates, area.type === 'Polygon' ? 1 : 2) as LatLng[][];
}

function styleOf(colour: string): PathOptions {
  return { color: colour, weight: 3, opacity: 1, fillOpacity: 0.15 };
}

function noteOf(text: string): HTMLElement {
  const note = document.createElement('span');
  note.setAttribute('role', 'alert');
  note.textContent = text;
  return note;
}
