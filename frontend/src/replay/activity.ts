/** How many vehicles moved when: the profile below the scrubber, and when nothing did. Pure. */
import { merged, type Span } from '../history/player.ts';
import { type Chunk, HOUR_MS, UNIT_DEG } from './chunk.ts';
import { distanceM, silenceMs } from './past-track.ts';

export const BIN_MS = 120_000;
export const BINS = HOUR_MS / BIN_MS;
/** Slower nobody drives. */
const MOVING_FROM_MPS = 1;
/** A shorter one is not worth a jump. */
const SHORTEST_QUIET_MS = 300_000;

/** For each two minutes of the hour, how many moved. */
export function activityOf(chunk: Chunk): Uint16Array {
  const counts = new Uint16Array(BINS);
  chunk.slugs.forEach((_, i) => {
    const bins = movingBins(chunk, chunk.starts[i] as number, chunk.starts[i + 1] as number);
    for (const bin of bins) counts[bin] = (counts[bin] as number) + 1;
  });
  return counts;
}

/** Spans of the window in which nobody moved; of hours that are not known nothing is said. */
export function quietSpans(hours: ReadonlyMap<number, Uint16Array>, window: Span): readonly Span[] {
  const quiet: Span[] = [];
  for (const [hourMs, counts] of hours) {
    counts.forEach((count, bin) => {
      const fromMs = hourMs + bin * BIN_MS;
      if (count === 0) quiet.push([fromMs, fromMs + BIN_MS]);
    });
  }
  return merged(quiet).flatMap(([fromMs, toMs]) => {
    const span = [Math.max(fromMs, window[0]), Math.min(toMs, window[1])] as const;
    return span[1] - span[0] >= SHORTEST_QUIET_MS ? [span] : [];
  });
}

function movingBins(chunk: Chunk, start: number, end: number): ReadonlySet<number> {
  const bins = new Set<number>();
  for (let row = start + 1; row < end; row++) {
    const [fromMs, toMs] = [chunk.timesMs[row - 1] as number, chunk.timesMs[row] as number];
    const isKnown = fromMs >= 0 && toMs - fromMs <= silenceMs(chunk);
    if (!isKnown || legM(chunk, row) < (MOVING_FROM_MPS * (toMs - fromMs)) / 1_000) continue;
    // Where the last way leads the next hour knows; it goes on for as long as such a way takes.
    const untilMs = row + 1 === end ? Math.min(toMs + chunk.stepS * 1_000, HOUR_MS) : toMs;
    for (let bin = Math.floor(fromMs / BIN_MS); bin * BIN_MS < untilMs; bin++) bins.add(bin);
  }
  return bins;
}

function legM(chunk: Chunk, row: number): number {
  const place = (i: number) => ({
    lat: (chunk.lats[i] as number) * UNIT_DEG,
    lon: (chunk.lons[i] as number) * UNIT_DEG,
  });
  return distanceM(place(row - 1), place(row));
}
