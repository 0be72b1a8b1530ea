import { describe, expect, it } from 'vitest';
import {
  indexAt,
  legSpeedMps,
  lineStarts,
  neighbourMs,
  spliced,
  trackOf,
  whereaboutAt,
} from '../../src/history/track.ts';
import { atMs, makeTrack } from './make-track.ts';

const NORTH = [0, 10, 20].map((at_s) => ({ at_s, lat: 57.7 + at_s / 10_000, speedMps: 10 + at_s / 10 }));

describe('a track', () => {
  it.each([null, {}, { rows: [['now', 1]] }, { rows: 'none' }])('is not %o', (answer) => {
    expect(() => trackOf(answer)).toThrow('no track');
  });

  it('finds the last fix at or before a time', () => {
    const { times } = makeTrack(NORTH);
    expect([-1, 0, 9.9, 10, 99].map((at_s) => indexAt(times, atMs(at_s)))).toEqual([-1, 0, 0, 1, 2]);
    expect(indexAt(new Float64Array(), 0)).toBe(-1);
  });

  it('places the vehicle between two fixes by time', () => {
    expect(whereaboutAt(makeTrack(NORTH), atMs(5))).toMatchObject({
      ...{ lat: expect.closeTo(57.7005, 6), speedMps: 10.5, headingDeg: 0, isKnown: true },
      fixMs: atMs(0),
    });
  });

  it('knows nothing before the first fix, and where it was last after a while', () => {
    const track = makeTrack(NORTH);
    expect(whereaboutAt(track, atMs(-1))).toBeNull();
    expect(whereaboutAt(track, atMs(60))).toMatchObject({
      ...{ lat: expect.closeTo(57.702, 6), headingDeg: null, isKnown: true },
    });
    expect(whereaboutAt(track, atMs(600))).toMatchObject({ fixMs: atMs(20), isKnown: false });
  });

  it('does not go through a gap', () => {
    const track = makeTrack([{ at_s: 0 }, { at_s: 10 }, { at_s: 1000, lat: 57.8 }], { gaps: [[10, 1000]] });
    expect(whereaboutAt(track, atMs(500))).toMatchObject({ lat: 57.7, isKnown: false, fixMs: atMs(10) });
    expect([...lineStarts(track)]).toEqual([0, 2]);
  });

  it('crosses the date line the short way', () => {
    const track = makeTrack([
      { at_s: 0, lon: 179.99 },
      { at_s: 100, lon: -179.99 },
    ]);
    expect(legSpeedMps(track, 1)).toBeCloseTo(11.9, 1);
  });

  it('has the speed that was reported, over a long leg the one made', () => {
    const fixes = [
      { at_s: 0, speedMps: 5 },
      { at_s: 10, speedMps: 7 },
      { at_s: 110, lat: 57.7009, speedMps: 7 },
      { at_s: 120, lat: 57.7018 },
    ];
    const speeds = [1, 2, 3].map((i) => legSpeedMps(makeTrack(fixes), i));
    expect(speeds).toEqual([7, expect.closeTo(1, 1), expect.closeTo(10, 0)]);
  });

  it('takes finer fixes in place of coarse ones', () => {
    const coarse = makeTrack([0, 10, 30, 40].map((at_s) => ({ at_s })));
    const fine = makeTrack([10, 15, 20, 25, 30].map((at_s) => ({ at_s, lat: 58 })));
    const both = spliced(coarse, fine);
    expect([...both.times]).toEqual([0, 10, 15, 20, 25, 30, 40].map(atMs));
    expect([...both.lats]).toEqual([57.7, 58, 58, 58, 58, 58, 57.7]);
    expect(spliced(coarse, makeTrack([]))).toBe(coarse);
  });

  it('steps from fix to fix, and stays at its ends', () => {
    const track = makeTrack(NORTH);
    expect([neighbourMs(track, atMs(5), 1), neighbourMs(track, atMs(5), -1)]).toEqual([atMs(10), atMs(0)]);
    expect([neighbourMs(track, atMs(20), 1), neighbourMs(track, atMs(0), -1)]).toEqual([atMs(20), atMs(0)]);
  });
});
