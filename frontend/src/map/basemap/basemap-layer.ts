/** The own basemap as a Leaflet grid layer: tiles drawn on canvases, a few milliseconds of each frame at most. */
import { type Coords, type DoneCallback, GridLayer, type GridLayerOptions } from 'leaflet';
import { TILE_PX } from '../projection.ts';
import type { Theme } from '../types.ts';
import { linesOf, type StreetFile, streetsOf } from './streets.ts';
import { BasemapData, drawTile } from './tile-painter.ts';

const ATTRIBUTION =
  '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors, <a href="https://www.naturalearthdata.com/">Natural Earth</a>';
/** Of the 16 ms of a frame, left for the vehicles and the list: the rest. */
const BUDGET_MS = 6;

interface WorldFile {
  land: number[][];
  borders: number[][];
}

export interface BasemapSources {
  streetsUrl: string;
  worldUrl: string;
}

interface Task {
  coords: Coords;
  tile: HTMLCanvasElement;
  done: DoneCallback;
}

export async function loadBasemap({ streetsUrl, worldUrl }: BasemapSources): Promise<BasemapData> {
  const [streets, world] = await Promise.all([
    loadJson<StreetFile>(streetsUrl),
    loadJson<WorldFile>(worldUrl),
  ]);
  return new BasemapData(streetsOf(streets), { land: linesOf(world.land), borders: linesOf(world.borders) });
}

async function loadJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}

export class BasemapLayer extends GridLayer {
  private readonly tasks: Task[] = [];
  private theme: Theme;
  private isDrawing = false;

  constructor(
    private readonly data: BasemapData,
    theme: Theme,
    options: GridLayerOptions = {},
  ) {
    super({ attribution: ATTRIBUTION, updateWhenZooming: false, keepBuffer: 1, ...options });
    this.theme = theme;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.redraw();
  }

  protected override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const tile = document.createElement('canvas');
    tile.width = TILE_PX * window.devicePixelRatio;
    tile.height = tile.width;
    this.tasks.push({ coords, tile, done });
    this.drawSoon();
    return tile;
  }

  private drawSoon(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    requestAnimationFrame(() => {
      this.isDrawing = false;
      this.drawSome();
      if (this.tasks.length > 0) this.drawSoon();
    });
  }

  private drawSome(): void {
    const endMs = performance.now() + BUDGET_MS;
    while (performance.now() < endMs) {
      const task = this.tasks.shift();
      if (task === undefined) return;
      this.draw(task);
    }
  }

  private draw({ coords, tile, done }: Task): void {
    const context = tile.getContext('2d');
    if (context === null) return;
    const scale = tile.width / TILE_PX;
    context.scale(scale, scale);
    drawTile(context, this.data, { x: coords.x, y: coords.y, zoom: coords.z, sizePx: TILE_PX }, this.theme);
    done(undefined, tile);
  }
}
