/** Hours of the past, as the server would give them. */
import { type Chunk, chunkOf } from '../../src/replay/chunk.ts';

export const HOUR_MS = 3_600_000;
/** A full hour. */
export const HOUR = 500_000 * HOUR_MS;
/** A degree of latitude is 111,195 m. */
export const DEGREE_M = 111_195;

/** Seconds since the hour began, and metres to the north. */
export type Going = readonly (readonly [atS: number, northM: number])[];

export function makeAnswer(
  goings: Readonly<Record<string, Going>>,
  { stepS = 10, isLimited = false } = {},
): unknown {
  return {
    step_s: stepS,
    limited_to_regions: isLimited,
    tracks: Object.entries(goings).map(([vehicle, going]) => ({
      vehicle,
      time_s: going.map(([atS]) => atS),
      lat_e5: going.map(([, northM]) => Math.round(5_770_000 + (northM / DEGREE_M) * 1e5)),
      lon_e5: going.map(() => 1_196_000),
    })),
  };
}

export function makeChunk(
  goings: Readonly<Record<string, Going>>,
  { hourMs = HOUR, stepS = 10, isLimited = false } = {},
): Chunk {
  return chunkOf(makeAnswer(goings, { stepS, isLimited }), hourMs);
}

/** A fix each ten seconds. */
export function drive(fromS: number, toS: number, speedMps: number, fromM = 0): Going {
  const going: [number, number][] = [];
  for (let atS = fromS; atS <= toS; atS += 10) going.push([atS, fromM + (atS - fromS) * speedMps]);
  return going;
}
