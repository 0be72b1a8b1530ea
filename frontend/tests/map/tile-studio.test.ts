import { expect, it, vi } from 'vitest';
import { BasemapData } from '../../src/map/basemap/basemap-data.ts';
import { linesOf, streetsOf } from '../../src/map/basemap/streets.ts';
import { type TileOrder, TileStudio } from '../../src/map/basemap/tile-studio.ts';
import type { Canvas } from '../../src/map/sprite-art.ts';

const NO_LINES = linesOf([]);
const DATA = new BasemapData(streetsOf({ classes: [], ways: [] }), { land: NO_LINES, borders: NO_LINES });

function makeCanvas(width: number, height: number): Canvas {
  const context = new Proxy({}, { get: () => () => undefined, set: () => true });
  return { width, height, getContext: () => context } as unknown as Canvas;
}

function makeOrder(id: number): TileOrder {
  return { id, x: 0, y: 0, zoom: 3, scale: 2, theme: 'light' };
}

it('draws what is asked for in order, and not what is no longer wanted', async () => {
  const drawn: [number, number][] = [];
  const studio = new TileStudio(Promise.resolve(DATA), makeCanvas, (id, { width }) =>
    drawn.push([id, width]),
  );
  for (const id of [1, 2, 3]) studio.take(makeOrder(id));
  studio.drop(2);
  await vi.waitFor(() => expect(drawn).toHaveLength(2));
  expect(drawn).toEqual([
    [1, 512],
    [3, 512],
  ]);
  studio.take(makeOrder(4));
  await vi.waitFor(() => expect(drawn).toHaveLength(3));
});
