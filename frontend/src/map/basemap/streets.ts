/** The street file in memory: every way in Mercator units, ready to be drawn at any zoom. */
import { unitX, unitY } from '../projection.ts';

export interface StreetFile {
  classes: string[];
  ways: { c: number; n: string | null; p: [lon: number, lat: number][] }[];
}

export interface Lines {
  /** x, y, x, y, … in units. */
  points: Float64Array;
  /** Where each line starts in `points`; one more at the end. */
  starts: Uint32Array;
  /** west, north, east, south of each line, in units. */
  boxes: Float64Array;
}

export interface Streets extends Lines {
  /** Names of the road classes, most important first. */
  classes: readonly string[];
  classOf: Uint8Array;
  nameOf: readonly (string | null)[];
}

export interface Box {
  west: number;
  north: number;
  east: number;
  south: number;
}

export function streetsOf({ classes, ways }: StreetFile): Streets {
  return {
    ...linesOf(ways.map((way) => way.p.flat())),
    classes,
    classOf: Uint8Array.from(ways, (way) => way.c),
    nameOf: ways.map((way) => way.n),
  };
}

/** From flat [lon, lat, lon, lat, …]. */
export function linesOf(lines: readonly (readonly number[])[]): Lines {
  const starts = new Uint32Array(lines.length + 1);
  lines.forEach((line, i) => {
    starts[i + 1] = (starts[i] as number) + line.length;
  });
  const points = new Float64Array(starts[lines.length] as number);
  const boxes = new Float64Array(lines.length * 4);
  lines.forEach((line, i) => {
    const own = points.subarray(starts[i] as number, starts[i + 1] as number);
    line.forEach((degrees, k) => {
      own[k] = k % 2 === 0 ? unitX(degrees) : unitY(degrees);
    });
    boxes.set(boxOf(own), i * 4);
  });
  return { points, starts, boxes };
}

/** Looks at every box: some thousand comparisons cost less than a tile's first stroke. */
export function linesWithin({ boxes }: Lines, { west, north, east, south }: Box): number[] {
  const found: number[] = [];
  for (let i = 0, k = 0; k < boxes.length; i++, k += 4) {
    const isApart =
      (boxes[k] as number) > east ||
      (boxes[k + 1] as number) > south ||
      (boxes[k + 2] as number) < west ||
      (boxes[k + 3] as number) < north;
    if (!isApart) found.push(i);
  }
  return found;
}

function boxOf(points: Float64Array): [west: number, north: number, east: number, south: number] {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < points.length; k += 2) {
    west = Math.min(west, points[k] as number);
    east = Math.max(east, points[k] as number);
    north = Math.min(north, points[k + 1] as number);
    south = Math.max(south, points[k + 1] as number);
  }
  return [west, north, east, south];
}
