/** Where the layer gets its tiles from: a worker where the browser can, else the page itself. */
import { canPaintInWorker, makePageCanvas } from '../painter-client.ts';
import { type BasemapSources, loadBasemap } from './basemap-data.ts';
import type { FromTileWorker, ToTileWorker } from './tile-messages.ts';
import { type TileOrder, TileStudio } from './tile-studio.ts';

export interface TileSource {
  draw(order: TileOrder): void;
  drop(id: number): void;
}

/** Shows a finished tile on the canvas that waits for it. */
export type OnTile = (id: number, show: (canvas: HTMLCanvasElement) => void) => void;

export function openTileSource(sources: BasemapSources, onTile: OnTile): TileSource {
  return canPaintInWorker() ? drawInWorker(sources, onTile) : drawOnPage(sources, onTile);
}

function drawInWorker(sources: BasemapSources, onTile: OnTile): TileSource {
  const worker = new Worker(new URL('./tile-worker.ts', import.meta.url), { type: 'module' });
  const send = (message: ToTileWorker) => worker.postMessage(message);
  worker.onmessage = ({ data: { id, bitmap } }: MessageEvent<FromTileWorker>) => {
    onTile(id, (canvas) => canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap));
  };
  send({ kind: 'load', sources });
  return { draw: (order) => send({ kind: 'draw', order }), drop: (id) => send({ kind: 'drop', id }) };
}

function drawOnPage(sources: BasemapSources, onTile: OnTile): TileSource {
  const studio = new TileStudio(loadBasemap(sources), makePageCanvas, (id, tile) => {
    onTile(id, (canvas) => {
      canvas.width = tile.width;
      canvas.height = tile.height;
      canvas.getContext('2d')?.drawImage(tile, 0, 0);
    });
  });
  return { draw: (order) => studio.take(order), drop: (id) => studio.drop(id) };
}
