/** A track as the chart takes it: seconds since 1970 and speeds, with nothing in gaps. Pure. */
import { isLongLeg, legSpeedMps, lineStarts, type Track } from './track.ts';

export interface ChartData {
  readonly times_s: readonly number[];
  readonly speedsMps: readonly (number | null)[];
}

export function chartDataOf(track: Track): ChartData {
  const times_s: number[] = [];
  const speedsMps: (number | null)[] = [];
  const starts = lineStarts(track);
  track.times.forEach((timeMs, i) => {
    const speed = starts.has(i) ? null : legSpeedMps(track, i);
    // All the way as fast, instead of slowly getting so.
    if (speed !== null && isLongLeg(track, i)) {
      times_s.push(((track.times[i - 1] as number) + 1) / 1_000);
      speedsMps.push(speed);
    }
    times_s.push(timeMs / 1_000);
    speedsMps.push(speed);
  });
  return { times_s, speedsMps };
}
