import type { Map as LeafletMap } from 'leaflet';
import { expect, it } from 'vitest';
import { makeOnceStill } from '../../src/map/once-still.ts';

/** Hears what Leaflet would be told, and fires it. */
function fakeMap() {
  const heard: [string, () => void][] = [];
  const hear = (event: string, then: () => void) => heard.push([event, then]);
  const fire = (event: string) => {
    for (const [name, then] of [...heard]) if (name === event) then();
  };
  return { map: { on: hear, once: hear } as unknown as LeafletMap, fire };
}

it('moves the map at once while it is still', () => {
  const { map, fire } = fakeMap();
  const moves: string[] = [];
  const onceStill = makeOnceStill(map);
  onceStill(() => moves.push('before'));
  fire('zoomanim');
  fire('zoomend');
  onceStill(() => moves.push('after'));
  expect(moves).toEqual(['before', 'after']);
});

it('waits for the end of a zoom, which would undo the move', () => {
  const { map, fire } = fakeMap();
  const moves: string[] = [];
  const onceStill = makeOnceStill(map);
  fire('zoomanim');
  onceStill(() => moves.push('moved'));
  expect(moves).toEqual([]);
  fire('zoomend');
  expect(moves).toEqual(['moved']);
});
