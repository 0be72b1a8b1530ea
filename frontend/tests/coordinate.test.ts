import { describe, expect, it } from 'vitest';
import { parseCoordinate } from '../src/coordinate.ts';

describe('parseCoordinate', () => {
  it.each([
    ['57.7, 11.97', 57.7, 11.97],
    ['57.7 11.97', 57.7, 11.97],
    ['57,7 11,97', 57.7, 11.97],
    ['-33.8568, 151.2153', -33.8568, 151.2153],
    ['33.8568S 151.2153E', -33.8568, 151.2153],
    ['S33.8568 E151.2153', -33.8568, 151.2153],
    ['11.97E, 57.7N', 57.7, 11.97],
    ['57°42\'30"N 11°58\'12"E', 57.708333, 11.97],
    ['57° 42.5′ N, 11° 58.2′ E', 57.708333, 11.97],
    ['57 42 30 N 11 58 12 E', 57.708333, 11.97],
    ['57°42′30″ 11°58′12″', 57.708333, 11.97],
    [' 0.0,0 ', 0, 0],
  ])('reads %s', (text, lat, lon) => {
    const place = parseCoordinate(text);
    expect(place?.lat).toBeCloseTo(lat, 5);
    expect(place?.lon).toBeCloseTo(lon, 5);
  });

  it.each([
    'bus 12',
    '12 34',
    '57.7',
    '91.0, 11',
    '57.7, 181',
    "57°70'N 11°E",
    '57.7N 11.97N',
    '57.7N, 11.97E, 3',
    '57.7N 11.97',
    'N',
    '',
    '1.2 3.4 5.6',
  ])('takes %j for no coordinate', (text) => {
    expect(parseCoordinate(text)).toBeNull();
  });
});
