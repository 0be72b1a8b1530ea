/** The own basemap as a Leaflet grid layer. */
import { type Coords, type DoneCallback, GridLayer, type TileEvent } from 'leaflet';
import type { Theme } from '../types.ts';
import type { BasemapSources } from './basemap-data.ts';
import { openTileSource, type TileSource } from './tile-source.ts';

const ATTRIBUTION =
  '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors, <a href="https://www.naturalearthdata.com/">Natural Earth</a>';

interface Waiting {
  tile: HTMLCanvasElement;
  done: DoneCallback;
}

export class BasemapLayer extends GridLayer {
  private readonly source: TileSource;
  private readonly waiting = new Map<number, Waiting>();
  private readonly orderOf = new WeakMap<HTMLElement, number>();
  private nextId = 1;
  private theme: Theme;

  constructor(sources: BasemapSources, theme: Theme) {
    super({ attribution: ATTRIBUTION, updateWhenZooming: false, keepBuffer: 2 });
    this.theme = theme;
    this.source = openTileSource(sources, (id, show) => this.receive(id, show));
    this.on('tileunload', ({ tile }: TileEvent) => this.forget(tile));
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.redraw();
  }

  protected override createTile({ x, y, z }: Coords, done: DoneCallback): HTMLElement {
    const tile = document.createElement('canvas');
    const id = this.nextId++;
    this.waiting.set(id, { tile, done });
    this.orderOf.set(tile, id);
    this.source.draw({ id, x, y, zoom: z, scale: window.devicePixelRatio, theme: this.theme });
    return tile;
  }

  private receive(id: number, show: (canvas: HTMLCanvasElement) => void): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    this.waiting.delete(id);
    show(waiting.tile);
    waiting.done(undefined, waiting.tile);
  }

  private forget(tile: HTMLElement): void {
    const id = this.orderOf.get(tile);
    if (id === undefined || !this.waiting.delete(id)) return;
    this.source.drop(id);
  }
}
