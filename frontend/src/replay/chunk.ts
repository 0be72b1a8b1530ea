/** An hour of the whole fleet's past as columns of integers, which a worker can hand over at once. Pure. */

export const HOUR_MS = 3_600_000;
/** Degrees in a stored one. */
export const UNIT_DEG = 1e-5;

export interface Chunk {
  readonly hourMs: number;
  readonly stepS: number;
  /** The reader sees what happened in some regions only. */
  readonly isLimited: boolean;
  readonly slugs: readonly string[];
  /** Where each vehicle's part of the columns begins, and at last where they end. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Since the hour began; one before it is the newest fix before. */
  readonly timesMs: Int32Array<ArrayBuffer>;
  readonly lats: Int32Array<ArrayBuffer>;
  readonly lons: Int32Array<ArrayBuffer>;
}

/** A chunk of more hours as one for each, which repeats the newest fix before it. */
export function splitHours(chunk: Chunk, hours: number): readonly Chunk[] {
  return Array.from({ length: hours }, (_, i) => cutHour(chunk, i * HOUR_MS));
}

function cutHour(chunk: Chunk, offsetMs: number): Chunk {
  const parts = chunk.slugs.flatMap((slug, i) => {
    const [first, end] = [chunk.starts[i] as number, chunk.starts[i + 1] as number];
    const start = Math.max(first, rowAt(chunk, first, end, offsetMs));
    const stop = rowAt(chunk, start, end, offsetMs + HOUR_MS - 1) + 1;
    return start < stop ? [{ slug, start, stop }] : [];
  });
  const starts = new Uint32Array(parts.length + 1);
  parts.forEach(({ start, stop }, i) => {
    starts[i + 1] = (starts[i] as number) + stop - start;
  });
  const size = starts.at(-1) as number;
  const columns = { timesMs: new Int32Array(size), lats: new Int32Array(size), lons: new Int32Array(size) };
  parts.forEach(({ start, stop }, i) => {
    for (const name of ['timesMs', 'lats', 'lons'] as const)
      columns[name].set(chunk[name].subarray(start, stop), starts[i]);
  });
  columns.timesMs.forEach((timeMs, row) => {
    columns.timesMs[row] = timeMs - offsetMs;
  });
  const slugs = parts.map(({ slug }) => slug);
  return { ...chunk, hourMs: chunk.hourMs + offsetMs, slugs, starts, ...columns };
}

/** What a worker hands over instead of copying. */
export function buffersOf({ starts, timesMs, lats, lons }: Chunk): ArrayBuffer[] {
  return [starts.buffer, timesMs.buffer, lats.buffer, lons.buffer];
}

export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS) * HOUR_MS;
}

/** The last row of a part at or before a time; one less than `start`: there is none. */
export function rowAt({ timesMs }: Chunk, start: number, end: number, timeMs: number): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] as number) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
