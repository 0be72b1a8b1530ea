import { describe, expect, it } from 'vitest';
import { labelSpot } from '../../src/map/label-spot.ts';
import { isInPolygon } from '../../src/polygon.ts';

const SQUARE = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const SMALL = SQUARE.map(([lon = 0, lat = 0]) => [lon / 4 + 20, lat / 4]);
/** A horseshoe, whose centre of mass lies in its hollow. */
const SHOE = [
  [0, 0],
  [10, 0],
  [10, 10],
  [8, 10],
  [8, 2],
  [2, 2],
  [2, 10],
  [0, 10],
  [0, 0],
];

describe('the spot of a name', () => {
  it('is the centre of the largest part', () => {
    const spot = labelSpot({ type: 'MultiPolygon', coordinates: [[SMALL], [SQUARE]] });
    expect(spot).toEqual({ lat: 2, lon: 2 });
  });

  it('lies in the region, also where its centre does not', () => {
    const area = { type: 'Polygon' as const, coordinates: [SHOE] };
    const spot = labelSpot(area);
    expect(spot !== null && isInPolygon(area, spot)).toBe(true);
  });

  it('is nowhere in an area without size', () => {
    expect(labelSpot({ type: 'Polygon', coordinates: [] })).toBeNull();
    expect(labelSpot({ type: 'Polygon', coordinates: [[]] })).toBeNull();
  });
});
