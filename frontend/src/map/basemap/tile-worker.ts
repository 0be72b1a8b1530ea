/** The basemap's worker: reads the street files, draws tiles, hands them over as pictures. */
import { loadBasemap } from './basemap-data.ts';
import type { FromTileWorker, ToTileWorker } from './tile-messages.ts';
import { TileStudio } from './tile-studio.ts';

interface WorkerScope {
  onmessage: ((event: MessageEvent<ToTileWorker>) => void) | null;
  postMessage(message: FromTileWorker, transfer: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;
let studio: TileStudio | null = null;

scope.onmessage = ({ data }) => {
  if (data.kind === 'load') {
    studio = new TileStudio(loadBasemap(data.sources), makeCanvas, (id, tile) => {
      const bitmap = (tile as OffscreenCanvas).transferToImageBitmap();
      scope.postMessage({ id, bitmap }, [bitmap]);
    });
  } else if (data.kind === 'draw') studio?.take(data.order);
  else studio?.drop(data.id);
};

function makeCanvas(width: number, height: number): OffscreenCanvas {
  return new OffscreenCanvas(width, height);
}
