import { describe, expect, it } from 'vitest';
import { hitsIn, makeSearch, meantBy } from '../src/fleet-search.ts';
import { FleetStore, type Vehicle } from '../src/fleet-store.ts';
import type { RegionShape } from '../src/map/types.ts';
import { isInPolygon } from '../src/polygon.ts';
import { makeInfo, makeRow, makeSnapshot } from './helpers.ts';

function makeSquare(west: number, south: number, side: number): number[][] {
  const [east, north] = [west + side, south + side];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

const HARBOUR: RegionShape = {
  slug: 'harbour',
  name: 'Old Harbour',
  colour: '#000',
  polygon: { type: 'Polygon', coordinates: [makeSquare(11.96, 57.69, 0.02)] },
};

/** Bus 1 in the harbour, moving. */
function makeVehicle(): Vehicle {
  const store = new FleetStore();
  const vehicles = { 1: makeInfo(1, { driver: 'Anna Ek' }) };
  store.apply(makeSnapshot({ rows: [makeRow(1, 1)], vehicles }), 1);
  return store.get(1) as Vehicle;
}

describe('makeSearch', () => {
  it.each([
    ['bus', true],
    ['harb', true],
    ['bus OLD', true],
    ['moving', true],
    ['mov bus-1', true],
    ['anna moving', true],
    ['berta', false],
    ['mo', false],
    ['stopped', false],
    ['museum', false],
  ])('%j finds it: %s', (text, isFound) => {
    expect(makeSearch(text, [HARBOUR]).matches(makeVehicle())).toBe(isFound);
  });

  it('names the region that was meant', () => {
    expect(makeSearch('bus harbour old', [HARBOUR]).regionsOf(makeVehicle())).toEqual(['Old Harbour']);
    expect(makeSearch('bus', [HARBOUR]).regionsOf(makeVehicle())).toEqual([]);
    expect(makeSearch('harbour', [HARBOUR]).regionsOf({ ...makeVehicle(), lat: 57.8 })).toEqual([]);
  });
});

describe('meantBy', () => {
  const named = (id: number, name: string, plate = '', slug = `v-${id}`) => {
    const vehicle = makeVehicle();
    return { ...vehicle, id, info: { ...vehicle.info, name, plate, slug } };
  };
  const found = [named(1, 'Bus 12', 'ABC 123'), named(2, 'Bus 1', 'XYZ 12'), named(3, 'Van', 'BUS 1')];

  it.each([
    ['bus 1', 2],
    [' BUS  1 ', 2],
    ['xyz12', 2],
    ['abc 123', 1],
    ['v-3', 3],
    ['bus', 1],
  ])('%j means %d', (text, id) => {
    expect(meantBy(text, found)?.id).toBe(id);
  });

  it('is nobody where nothing was found', () => {
    expect(meantBy('bus', [])).toBeUndefined();
  });
});

it.each([
  ['Bus 12', ['12', 'bus'], ['Bus', '12']],
  ['Bus 12', ['us', 'bus'], ['Bus']],
  ['Bus 12', ['van'], []],
])('marks in %j of %j %j', (text, words, marked) => {
  expect(hitsIn(text, words).map(([from, to]) => text.slice(from, to))).toEqual(marked);
});

describe('isInPolygon', () => {
  const rings = [makeSquare(0, 0, 10), makeSquare(4, 4, 2)];
  it.each([
    [1, 1, true],
    [5, 5, false],
    [9.9, 9.9, true],
    [10.1, 5, false],
    [-1, 0, false],
  ])('%d, %d: %s', (lat, lon, isInside) => {
    expect(isInPolygon({ type: 'Polygon', coordinates: rings }, { lat, lon })).toBe(isInside);
    const both = { type: 'MultiPolygon' as const, coordinates: [[makeSquare(50, 50, 1)], rings] };
    expect(isInPolygon(both, { lat, lon })).toBe(isInside);
  });
});
