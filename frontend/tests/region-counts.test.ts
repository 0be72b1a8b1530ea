import { describe, expect, it } from 'vitest';
import type { RegionShape } from '../src/map/types.ts';
import { RegionCounts } from '../src/region-counts.ts';

function square(slug: string, west: number, east: number): RegionShape {
  const ring = [
    [west, 0],
    [east, 0],
    [east, 10],
    [west, 10],
    [west, 0],
  ];
  return { slug, name: slug, colour: '#112233', polygon: { type: 'Polygon', coordinates: [ring] } };
}

const SHAPES = [square('west', 0, 10), square('middle', 5, 15), square('empty', 50, 60)];
const at = (id: number, lon: number) => ({ id, lat: 5, lon });

function counted(counts: RegionCounts) {
  return Object.fromEntries(counts.counts);
}

describe('counts of regions', () => {
  it('have a vehicle in every region that it is in, and nobody outside', () => {
    const counts = new RegionCounts();
    counts.restart(SHAPES, [at(1, 2), at(2, 7), at(3, 30)]);
    expect(counted(counts)).toEqual({ west: 2, middle: 1, empty: 0 });
  });

  it('follow who moves, and forget who goes', () => {
    const counts = new RegionCounts();
    counts.restart(SHAPES, [at(1, 2), at(2, 7)]);
    counts.move([at(1, 12), at(1, 13), at(3, 3)]);
    counts.remove([2, 9]);
    expect(counted(counts)).toEqual({ west: 1, middle: 1, empty: 0 });
  });

  it('are the same as counted anew, whatever the way there', () => {
    const counts = new RegionCounts();
    counts.restart(SHAPES, []);
    let seed = 7;
    const chance = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const places = new Map<number, ReturnType<typeof at>>();
    for (let step = 0; step < 2000; step += 1) {
      const moved = at(chance(20), chance(20));
      if (chance(5) === 0) {
        places.delete(moved.id);
        counts.remove([moved.id]);
      } else {
        places.set(moved.id, moved);
        counts.move([moved]);
      }
    }
    const anew = new RegionCounts();
    anew.restart(SHAPES, places.values());
    expect(counted(counts)).toEqual(counted(anew));
  });
});
