/** Hours of the past, as the worker hands them over. */
import type { Chunk } from '../../src/replay/chunk.ts';

export const HOUR_MS = 3_600_000;
/** A full hour. */
export const HOUR = 500_000 * HOUR_MS;
/** A degree of latitude is 111,195 m. */
export const DEGREE_M = 111_195;

/** Seconds since the hour began, and metres to the north. */
export type Going = readonly (readonly [atS: number, northM: number])[];

export function makeChunk(
  goings: Readonly<Record<string, Going>>,
  { hourMs = HOUR, stepS = 10, isLimited = false } = {},
): Chunk {
  const [slugs, rows] = [Object.keys(goings), Object.values(goings)];
  const starts = new Uint32Array(slugs.length + 1);
  rows.forEach(({ length }, i) => {
    starts[i + 1] = (starts[i] as number) + length;
  });
  const all = rows.flat();
  return {
    ...{ hourMs, stepS, isLimited, slugs, starts },
    timesMs: Int32Array.from(all, ([atS]) => Math.round(atS * 1_000)),
    lats: Int32Array.from(all, ([, northM]) => Math.round(5_770_000 + (northM / DEGREE_M) * 1e5)),
    lons: Int32Array.from(all, () => 1_196_000),
  };
}

/** A fix each ten seconds. */
export function drive(fromS: number, toS: number, speedMps: number, fromM = 0): Going {
  const going: [number, number][] = [];
  for (let atS = fromS; atS <= toS; atS += 10) going.push([atS, fromM + (atS - fromS) * speedMps]);
  return going;
}
