import { describe, expect, it } from 'vitest';
import { chartDataOf } from '../../src/history/chart-data.ts';
import { episodesOf, isStop, isTrip } from '../../src/history/episodes.ts';
import { isDayTotals, sumOf } from '../../src/history/figures.ts';
import { atMs, makeStop, makeTrack, makeTrip } from './make-track.ts';

describe('trips and stops', () => {
  const [early, stop, late] = [makeTrip(0, 10), makeStop(10, 20), makeTrip(20, 30)];
  const trips = [late, early].flatMap((one) => (one.kind === 'trip' ? [one.trip] : []));
  const stops = stop.kind === 'stop' ? [stop.stop] : [];

  it('are in one order', () => {
    expect(episodesOf(trips, stops)).toEqual([early, stop, late]);
  });

  it('are what REST agreed to give', () => {
    expect([trips.every(isTrip), stops.every(isStop)]).toEqual([true, true]);
    expect([isTrip(stops[0]), isStop(trips[0]), isTrip(null)]).toEqual([false, false, false]);
  });
});

describe('the chart', () => {
  it('shows nothing in a gap', () => {
    const fixes = [
      { at_s: 0, speedMps: 3 },
      { at_s: 10, speedMps: 4 },
      { at_s: 900, speedMps: 5 },
      { at_s: 910, speedMps: 6 },
    ];
    const { times_s, speedsMps } = chartDataOf(makeTrack(fixes, { gaps: [[10, 900]] }));
    expect(times_s).toEqual([0, 10, 900, 910].map((at_s) => atMs(at_s) / 1_000));
    expect(speedsMps).toEqual([null, 4, null, 6]);
  });
});

describe('the chart of a track with minutes between fixes', () => {
  const fixes = [
    { at_s: 0, speedMps: 1 },
    { at_s: 100, lat: 57.709, speedMps: 20 },
    { at_s: 900, lat: 57.709, speedMps: 7 },
    { at_s: 910, lat: 57.709, speedMps: 8 },
  ];

  it('shows what was reported beside the mean, and after a gap', () => {
    const { speedsMps, spotsMps } = chartDataOf(makeTrack(fixes, { gaps: [[100, 900]] }));
    expect(speedsMps).toEqual([null, expect.closeTo(10, 0), expect.closeTo(10, 0), null, 8]);
    expect(spotsMps).toEqual([null, null, 20, 7, null]);
  });

  it('shows means alone when it is simplified', () => {
    const { spotsMps } = chartDataOf({ ...makeTrack(fixes, { gaps: [[100, 900]] }), toleranceM: 5 });
    expect(spotsMps).toEqual([null, null, null, null, null]);
  });
});

describe('the chart of a simplified track', () => {
  it('shows one speed all along a long leg', () => {
    const track = makeTrack([{ at_s: 0 }, { at_s: 100, lat: 57.709 }]);
    const { times_s, speedsMps } = chartDataOf(track);
    expect(times_s.map((time_s) => time_s - atMs(0) / 1_000)).toEqual([0, expect.closeTo(0.001), 100]);
    expect(speedsMps).toEqual([null, expect.closeTo(10, 0), expect.closeTo(10, 0)]);
  });
});

describe('totals of days', () => {
  const day = { distance_m: 1000, moving_s: 100, idle_s: 10, stopped_s: 1, max_speed_mps: 20, trips: 2 };

  it('add up, and the highest speed is the highest', () => {
    const sum = sumOf([day, { ...day, max_speed_mps: 25 }, { ...day, max_speed_mps: null, trips: 0 }]);
    expect(sum).toEqual({
      distance_m: 3000,
      moving_s: 300,
      idle_s: 30,
      stopped_s: 3,
      max_speed_mps: 25,
      trips: 4,
    });
    expect(sumOf([]).max_speed_mps).toBeNull();
    expect([isDayTotals(day), isDayTotals({ ...day, trips: null })]).toEqual([true, false]);
  });
});
