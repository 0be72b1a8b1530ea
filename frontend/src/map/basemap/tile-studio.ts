/** Draws the tiles that are asked for, one after another; the same in a worker and on the page. */
import { TILE_PX } from '../projection.ts';
import { type Canvas, contextOf, type MakeCanvas } from '../sprite-art.ts';
import type { Theme } from '../types.ts';
import type { BasemapData } from './basemap-data.ts';
import { drawTile } from './tile-painter.ts';

export interface TileOrder {
  /** The asker's own number. */
  id: number;
  x: number;
  y: number;
  zoom: number;
  /** Device pixels per CSS pixel. */
  scale: number;
  theme: Theme;
}

export class TileStudio {
  private readonly orders = new Map<number, TileOrder>();
  private isBusy = false;

  constructor(
    private readonly data: Promise<BasemapData>,
    private readonly makeCanvas: MakeCanvas,
    private readonly onDrawn: (id: number, tile: Canvas) => void,
  ) {}

  take(order: TileOrder): void {
    this.orders.set(order.id, order);
    void this.work();
  }

  /** Nobody looks at that tile any more. */
  drop(id: number): void {
    this.orders.delete(id);
  }

  private async work(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    const data = await this.data;
    for (let order = this.next(); order !== undefined; order = this.next()) {
      this.onDrawn(order.id, this.draw(data, order));
      await pause();
    }
    this.isBusy = false;
  }

  private next(): TileOrder | undefined {
    const [order] = this.orders.values();
    if (order !== undefined) this.orders.delete(order.id);
    return order;
  }

  private draw(data: BasemapData, { x, y, zoom, scale, theme }: TileOrder): Canvas {
    const size = Math.round(TILE_PX * scale);
    const canvas = this.makeCanvas(size, size);
    const context = contextOf(canvas);
    context.scale(scale, scale);
    drawTile(context, data, { x, y, zoom, sizePx: TILE_PX }, theme);
    return canvas;
  }
}

/** Lets messages and frames in between two tiles. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
