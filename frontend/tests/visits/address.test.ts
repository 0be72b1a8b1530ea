import { describe, expect, it } from 'vitest';
import { boxOf, formatVisitsAddress, parseVisitsAddress } from '../../src/visits/address.ts';

const NOW_MS = Date.parse('2026-11-26T12:00:30Z');

describe('the address of who was here', () => {
  it.each([
    '?region=haga&from=2026-11-26T08:00:00Z&to=2026-11-26T09:30:00Z&at=13/57.70000/11.96000',
    '?box=11.9,57.6,12.1,57.7&from=2026-11-26T08:00:00Z&to=2026-11-26T09:30:00Z',
    // Over the date line.
    '?box=179.5,-17,-179.5,-16&from=2026-11-26T08:00:00Z&to=2026-11-26T09:30:00Z',
  ])('says place, times and view: %s', (query) => {
    expect(formatVisitsAddress(parseVisitsAddress(query, NOW_MS))).toBe(query);
  });

  it.each([
    '',
    '?box=1,2,3&from=soon',
    '?box=1,5,3,4&to=2026-11-26T08:00:00Z',
    '?from=2026-11-26T09:00:00Z&to=2026-11-26T08:00:00Z&at=x',
  ])('wrong or silent it is the last 24 hours, nowhere: %o', (query) => {
    expect(formatVisitsAddress(parseVisitsAddress(query, NOW_MS))).toBe(
      '?from=2026-11-25T12:01:00Z&to=2026-11-26T12:01:00Z',
    );
  });

  it('a box lies on the earth, however far the map was turned', () => {
    expect(boxOf({ west: 371.9, south: -95, east: 372.1, north: 57.123456789 })).toEqual({
      ...{ west: 11.9, south: -90, east: 12.1, north: 57.12346 },
    });
    expect(boxOf({ west: -300, south: 0, east: 300, north: 1 })).toMatchObject({ west: -180, east: 180 });
    expect(boxOf({ west: 11, south: 57, east: 11, north: 58 })).toBeNull();
  });
});
