import { describe, expect, it } from 'vitest';
import { pictureViewOf } from '../../src/map/picture-view.ts';
import { unitX, unitY } from '../../src/map/projection.ts';
import { nearestOnLine, rowsOf } from '../../src/map/track-rows.ts';
import { GAP } from '../../src/map/trail.ts';
import { makeTrack } from '../history/make-track.ts';

const FIXES = [
  { at_s: 0, lon: 11.9 },
  { at_s: 10, lon: 11.91, speedMps: 12 },
  { at_s: 1000, lon: 11.92, speedMps: 12 },
  { at_s: 1010, lon: 11.93, speedMps: 25 },
];
const track = makeTrack(FIXES, { gaps: [[10, 1000]] });
const view = pictureViewOf({
  ...{ centre: { lat: 57.7, lon: 11.915, zoom: 14 }, widthPx: 800, heightPx: 600, scale: 1, marginPx: 0 },
});
const pixel = (lon: number, belowPx = 0) => ({
  x: unitX(lon) * view.world - view.left,
  y: unitY(57.7) * view.world - view.top + belowPx,
});

describe('a track on the map', () => {
  it('has its class of speed on every leg, and none over a gap', () => {
    const classes = Array.from(rowsOf(track)).filter((_, i) => i % 3 === 2);
    expect(classes).toEqual([GAP, 2, GAP, 4]);
  });

  it('goes on over the date line', () => {
    const rows = rowsOf(
      makeTrack([
        { at_s: 0, lon: 179.99 },
        { at_s: 10, lon: -179.99 },
      ]),
    );
    expect((rows[3] as number) - (rows[0] as number)).toBeCloseTo(0.02 / 360, 8);
  });

  it('is found near a pointer, so much of the way along', () => {
    const found = nearestOnLine(rowsOf(track), view, { ...pixel(11.905, 5), reach: 10 });
    expect(found).toEqual({ index: 0, share: expect.closeTo(0.5, 2) });
  });

  it('is not found beyond reach, nor in a gap', () => {
    expect(nearestOnLine(rowsOf(track), view, { ...pixel(11.905, 15), reach: 10 })).toBeNull();
    expect(nearestOnLine(rowsOf(track), view, { ...pixel(11.915), reach: 10 })).toBeNull();
  });
});
