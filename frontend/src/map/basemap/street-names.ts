/** Where street names stand: along the longest straight stretch of a street, never over one another. */
import { worldPx } from '../projection.ts';
import type { Box, Streets } from './streets.ts';

export interface StreetName {
  text: string;
  /** Middle of the text, in units. */
  x: number;
  y: number;
  /** Radians clockwise from east, never upside down. */
  angle: number;
  widthPx: number;
}

export interface NameRules {
  zoom: number;
  measurePx(text: string): number;
}

/** A name may be this much longer than the stretch it stands on. */
const OVERHANG = 1.15;
/** A bend of more than this ends a straight stretch. */
const LARGEST_BEND_RAD = 0.3;
/** The same name again no sooner than this. */
const REPEAT_PX = 420;
const LINE_HEIGHT_PX = 16;
/** No name is narrower than this a letter; spares measuring the many that cannot fit. */
const NARROWEST_LETTER_PX = 3;

interface Stretch {
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  lengthPx: number;
}

/** All names of a zoom level at once, so that neighbouring tiles agree on them. */
export function placeNames(streets: Streets, { zoom, measurePx }: NameRules): StreetName[] {
  const perUnit = worldPx(zoom);
  const candidates: (StreetName & { lengthPx: number })[] = [];
  streets.nameOf.forEach((text, way) => {
    if (text === null) return;
    const stretch = longestStretch(streets, way, perUnit);
    if (text.length * NARROWEST_LETTER_PX > stretch.lengthPx * OVERHANG) return;
    const widthPx = measurePx(text);
    if (widthPx <= stretch.lengthPx * OVERHANG)
      candidates.push({ ...nameOn(stretch, text, widthPx), lengthPx: stretch.lengthPx });
  });
  candidates.sort((a, b) => b.lengthPx - a.lengthPx);
  return withoutCrowding(candidates, perUnit);
}

export function namesWithin(names: readonly StreetName[], zoom: number, box: Box): StreetName[] {
  const perUnit = worldPx(zoom);
  return names.filter(({ x, y, widthPx }) => {
    const reach = widthPx / 2 / perUnit;
    return x + reach > box.west && x - reach < box.east && y + reach > box.north && y - reach < box.south;
  });
}

function longestStretch(streets: Streets, way: number, perUnit: number): Stretch {
  const start = streets.starts[way] as number;
  const end = streets.starts[way + 1] as number;
  let best = stretchBetween(streets.points, start, start + 2, perUnit);
  let from = start;
  for (let k = start + 2; k < end; k += 2) {
    if (k > from + 2 && bend(streets.points, k - 2, from) > LARGEST_BEND_RAD) from = k - 2;
    const stretch = stretchBetween(streets.points, from, k, perUnit);
    if (stretch.lengthPx > best.lengthPx) best = stretch;
  }
  return best;
}

/** Between the direction so far and the step that follows. */
function bend(points: Float64Array, k: number, from: number): number {
  const soFar = direction(points, from, k);
  const next = direction(points, k, k + 2);
  return Math.abs(Math.atan2(Math.sin(next - soFar), Math.cos(next - soFar)));
}

function direction(points: Float64Array, a: number, b: number): number {
  return Math.atan2(
    (points[b + 1] as number) - (points[a + 1] as number),
    (points[b] as number) - (points[a] as number),
  );
}

function stretchBetween(points: Float64Array, a: number, b: number, perUnit: number): Stretch {
  const fromX = points[a] as number;
  const fromY = points[a + 1] as number;
  const toX = points[b] as number;
  const toY = points[b + 1] as number;
  return { fromX, fromY, toX, toY, lengthPx: Math.hypot(toX - fromX, toY - fromY) * perUnit };
}

function nameOn({ fromX, fromY, toX, toY }: Stretch, text: string, widthPx: number): StreetName {
  const angle = Math.atan2(toY - fromY, toX - fromX);
  const isUpsideDown = Math.abs(angle) > Math.PI / 2;
  return {
    text,
    x: (fromX + toX) / 2,
    y: (fromY + toY) / 2,
    angle: isUpsideDown ? angle - Math.sign(angle) * Math.PI : angle,
    widthPx,
  };
}

/** Greedy, in the given order. */
function withoutCrowding<T extends StreetName>(candidates: readonly T[], perUnit: number): T[] {
  const kept: T[] = [];
  const cells = new Map<string, T[]>();
  for (const name of candidates) {
    const near = neighbours(cells, name, perUnit);
    if (near.some((other) => isTooNear(name, other, perUnit))) continue;
    kept.push(name);
    const key = cellOf(name.x * perUnit, name.y * perUnit);
    cells.set(key, [...(cells.get(key) ?? []), name]);
  }
  return kept;
}

function isTooNear(a: StreetName, b: StreetName, perUnit: number): boolean {
  const distancePx = Math.hypot(a.x - b.x, a.y - b.y) * perUnit;
  if (a.text === b.text) return distancePx < REPEAT_PX;
  return distancePx < (a.widthPx + b.widthPx) / 2 && overlap(a, b, perUnit);
}

/** Whether the boxes around two turned texts touch. */
function overlap(a: StreetName, b: StreetName, perUnit: number): boolean {
  const [halfA, halfB] = [halfBox(a), halfBox(b)];
  return (
    Math.abs(a.x - b.x) * perUnit < halfA.width + halfB.width &&
    Math.abs(a.y - b.y) * perUnit < halfA.height + halfB.height
  );
}

function halfBox({ angle, widthPx }: StreetName): { width: number; height: number } {
  const [cosine, sine] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return {
    width: (widthPx * cosine + LINE_HEIGHT_PX * sine) / 2,
    height: (widthPx * sine + LINE_HEIGHT_PX * cosine) / 2,
  };
}

function neighbours<T extends StreetName>(
  cells: Map<string, T[]>,
  { x, y }: StreetName,
  perUnit: number,
): T[] {
  const steps = [-1, 0, 1];
  return steps.flatMap((dx) =>
    steps.flatMap(
      (dy) => cells.get(cellOf(x * perUnit + dx * REPEAT_PX, y * perUnit + dy * REPEAT_PX)) ?? [],
    ),
  );
}

function cellOf(xPx: number, yPx: number): string {
  return `${Math.floor(xPx / REPEAT_PX)} ${Math.floor(yPx / REPEAT_PX)}`;
}
