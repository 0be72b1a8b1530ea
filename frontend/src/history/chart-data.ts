/** A track as the chart takes it: seconds since 1970 and speeds, with nothing in gaps. Pure. */
import { isLongLeg, legSpeedMps, lineStarts, type Track } from './track.ts';

type Speeds = (number | null)[];

export interface ChartData {
  readonly times_s: readonly number[];
  readonly speedsMps: Readonly<Speeds>;
  /** As reported after a long leg or a gap, of which the line tells the mean, or nothing. */
  readonly spotsMps: Readonly<Speeds>;
}

export function chartDataOf(track: Track): ChartData {
  const times_s: number[] = [];
  const speedsMps: Speeds = [];
  const spotsMps: Speeds = [];
  const add = (timeMs: number, speedMps: number | null, spotMps: number | null) => {
    times_s.push(timeMs / 1_000);
    speedsMps.push(speedMps);
    spotsMps.push(spotMps);
  };
  const starts = lineStarts(track);
  const isWhole = track.toleranceM === null;
  track.times.forEach((timeMs, i) => {
    const isLong = isLongLeg(track, i);
    const speed = starts.has(i) ? null : legSpeedMps(track, i);
    // All the way as fast, instead of slowly getting so.
    if (speed !== null && isLong) add((track.times[i - 1] as number) + 1, speed, null);
    const reported = track.speeds[i] as number;
    add(timeMs, speed, isWhole && isLong && !Number.isNaN(reported) ? reported : null);
  });
  return { times_s, speedsMps, spotsMps };
}
