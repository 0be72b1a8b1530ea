/** What the page and the basemap's worker say to each other. */
import type { BasemapSources } from './basemap-data.ts';
import type { TileOrder } from './tile-studio.ts';

export type ToTileWorker =
  | { kind: 'load'; sources: BasemapSources }
  | { kind: 'draw'; order: TileOrder }
  | { kind: 'drop'; id: number };

export interface FromTileWorker {
  id: number;
  bitmap: ImageBitmap;
}
