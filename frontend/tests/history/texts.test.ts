import { beforeAll, describe, expect, it } from 'vitest';
import { setFormats } from '../../src/format.ts';
import { caveatsOf, companyCaveatsOf, doingText } from '../../src/history/texts.ts';
import { whereaboutAt } from '../../src/history/track.ts';
import { atMs, makeStop, makeTrack } from './make-track.ts';

beforeAll(() =>
  setFormats({ speed: 'kmh', clock: '24', zone: 'utc', toast: 'on', sound: 'off', notify: 'off' }, 'UTC'),
);

describe('what the page says', () => {
  const track = makeTrack(
    [
      { at_s: 0, speedMps: 10 },
      { at_s: 10, lat: 57.701, speedMps: 10 },
      { at_s: 1210, lat: 57.71, speedMps: 0 },
    ],
    { gaps: [[10, 1210]] },
  );

  it('is how fast and where to', () => {
    expect(doingText(whereaboutAt(track, atMs(0)), null)).toBe('36 km/h, N 0°');
  });

  it('is that nobody knows', () => {
    expect(doingText(whereaboutAt(track, atMs(500)), null)).toBe('Last seen here: no fix since 09:00:10');
    expect(doingText(whereaboutAt(track, atMs(500)), makeStop(20, 900))).toBe(
      'Stopped since 09:00, no fix since 09:00:10',
    );
    expect(doingText(null, null)).toBe('No fix yet');
  });

  it('tells of gaps, limits and what is left out', () => {
    expect(caveatsOf(track)).toEqual([
      'One gap of more than 5 minutes without a fix, 20 min together: nothing is drawn there.',
    ]);
    const limited = makeTrack([{ at_s: 0 }, { at_s: 5 }], {
      more: { limited_to_regions: true, fixes: 60_000, tolerance_m: 12.4 },
    });
    expect(caveatsOf(limited)).toEqual([
      'You see what happened in your regions, while it did; elsewhere the line ends.',
      `2 of ${(60_000).toLocaleString()} fixes are shown, at most 12 m off; look closer in map or chart for all.`,
    ]);
    expect(caveatsOf(makeTrack([{ at_s: 0 }]))).toEqual([]);
  });

  it('names those of a company of which not all is shown', () => {
    const thinned = (tolerance_m: number) =>
      makeTrack([{ at_s: 0 }, { at_s: 5 }], { more: { fixes: 900, tolerance_m } });
    expect(companyCaveatsOf([{ name: 'Van', track }])).toEqual([]);
    expect(
      companyCaveatsOf([
        { name: 'Bus', track: thinned(4) },
        { name: 'Van', track },
        { name: 'Cab', track: thinned(7.2) },
      ]),
    ).toEqual([
      'Not all fixes of Bus, Cab are shown, the lines are at most 7 m off; choose a vehicle for more of its fixes.',
    ]);
  });
});
