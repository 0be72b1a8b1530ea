import { describe, expect, it } from 'vitest';
import { hoursInView } from '../../src/history/chunks.ts';
import { atMs, makeTrack } from './make-track.ts';

const AROUND = { west: 11, south: 57, east: 12, north: 58 };
const HOURS = [0, 1, 2].map((hour) => ({ at_s: hour * 3_600 + 60, lat: hour === 1 ? 60 : 57.7 }));

describe('what is had in full', () => {
  it('are the hours in which the vehicle was in view of map and chart', () => {
    const track = makeTrack(HOURS);
    const all = { window: [atMs(0), atMs(10_800)] as const, bounds: AROUND };
    expect(hoursInView(track, all)).toEqual([atMs(0), atMs(7_200)]);
    expect(hoursInView(track, { ...all, window: [atMs(0), atMs(3_600)] })).toEqual([atMs(0)]);
  });

  it('is nothing while too much is in view', () => {
    const track = makeTrack(Array.from({ length: 25 }, (_, hour) => ({ at_s: hour * 3_600 })));
    const window = [atMs(0), atMs(200_000)] as const;
    expect(hoursInView(track, { window, bounds: AROUND })).toEqual([]);
    expect(hoursInView(track, { window: [atMs(3_600), window[1]], bounds: AROUND })).toHaveLength(24);
  });
});
