import { expect, it } from 'vitest';
import { placesOf } from '../../src/map/street-places.ts';

it('takes the middle of the longest way of a name', () => {
  const short: [number, number][] = [[1, 1]];
  const long: [number, number][] = [
    [11, 57],
    [12, 58],
    [13, 59],
  ];
  const ways = [
    { c: 0, n: 'Vasagatan', p: short },
    { c: 0, n: 'Vasagatan', p: long },
    { c: 0, n: null, p: long },
  ];
  expect(placesOf({ classes: [], ways })).toEqual([{ name: 'Vasagatan', lat: 58, lon: 12 }]);
});
