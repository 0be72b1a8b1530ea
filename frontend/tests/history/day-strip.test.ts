import { describe, expect, it } from 'vitest';
import { doingsIn, doingsOf, shareOf } from '../../src/history/day-strip.ts';
import { atMs, makeStop, makeTrack, makeTrip } from './make-track.ts';

const spans = (...pairs: [number, number][]) => pairs.map(([from, to]) => [atMs(from), atMs(to)] as const);

describe('what a vehicle did when', () => {
  it('is idle where it stands during a trip, and stopped in a stop', () => {
    const track = makeTrack([
      { at_s: 0, lat: 57.7 },
      { at_s: 100, lat: 57.71 },
      { at_s: 190, lat: 57.71 },
      { at_s: 300, lat: 57.72 },
      { at_s: 900, lat: 57.72 },
    ]);
    const doings = doingsOf([makeTrip(0, 300), makeStop(300, 900)], track);
    expect(doings.idle).toEqual(spans([100, 190]));
    expect(doings.moving).toEqual(spans([0, 100], [190, 300]));
    expect(doings.stopped).toEqual(spans([300, 900]));
  });

  it('of a day is what touches it', () => {
    const stopped = spans([0, 100], [200, 300], [300, 400], [500, 600]);
    const doings = doingsIn({ moving: [], idle: [], stopped }, [atMs(250), atMs(500)]);
    expect(doings).toEqual({ moving: [], idle: [], stopped: spans([200, 300], [300, 400]) });
  });

  it('is idle though its receiver wanders by a metre a second', () => {
    const fixes = Array.from({ length: 121 }, (_, at_s) => ({ at_s, lat: 57.7 + (at_s % 2) / 111_195 }));
    const doings = doingsOf([makeTrip(0, 200)], makeTrack([...fixes, { at_s: 200, lat: 57.71 }]));
    expect(doings.idle).toEqual(spans([0, 120]));
  });

  it('is unknown in the gap of a trip, and stopped in that of a stop', () => {
    const track = makeTrack([{ at_s: 0 }, { at_s: 400, lat: 57.8 }, { at_s: 900 }], {
      gaps: [
        [0, 400],
        [400, 900],
      ],
    });
    const doings = doingsOf([makeTrip(-100, 450), makeStop(450, 900)], track);
    expect(doings.moving).toEqual(spans([-100, 0]));
    expect(doings.stopped).toEqual(spans([450, 900]));
  });

  it('stands on the strip of the day in which it was', () => {
    expect(shareOf([-50, 50], [0, 100])).toEqual([0, 0.5]);
    expect(shareOf([25, 300], [0, 100])).toEqual([0.25, 1]);
    expect(shareOf([100, 300], [0, 100])).toBeNull();
  });
});
