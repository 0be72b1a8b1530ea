/** Where the name of an area stands: at home in its middle, or near by, in view and not under what stands on the map. Pure. */
import { type Box, isClear } from './label-box.ts';

/** In pixels, as all here. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A vehicle, which is drawn above names. */
export interface Passer extends Spot {
  /** It will be there for a while. */
  readonly isStill: boolean;
}

export interface SeatWish {
  readonly home: Spot;
  readonly width: number;
  readonly height: number;
  /** Where it stands; null: nowhere yet. */
  readonly seat: Spot | null;
  /** Whether a place is in the area. */
  isInside(spot: Spot): boolean;
}

export interface Ground {
  readonly view: Box;
  /** By other names and by clusters: there is no seat. */
  readonly taken: readonly Box[];
  readonly vehicles: readonly Passer[];
}

/** Of a vehicle's sprite, at most zooms. */
const VEHICLE_RADIUS_PX = 9;

const BEHIND_THE_EDGE = 100;
const UNDER_ONE_THAT_STANDS = 10;
const UNDER_ONE_THAT_PASSES = 1;
const STEPS_ASIDE = [-4, -3, -2, -1, 0, 1, 2, 3, 4] as const;
const STEPS_UP = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6] as const;
/** A step is half a name wide, and more than a name high, which is about a fifth as much. */
const ASIDE = 0.5;
const UP = 1.25;
const FLATNESS = 0.5;
const STEPS = STEPS_ASIDE.flatMap((aside) => STEPS_UP.map((up) => ({ aside, up }))).sort(
  (a, b) => Math.hypot(a.aside, a.up * FLATNESS) - Math.hypot(b.aside, b.up * FLATNESS),
);

/** It keeps its seat, whoever passes, until something stands there or the edge cuts it off. Null: there is no room for it. */
export function seatOf(wish: SeatWish, ground: Ground): Spot | null {
  if (wish.seat !== null && costOf(wish.seat, wish, ground) < UNDER_ONE_THAT_STANDS) return wish.seat;
  let [best, least]: [Spot | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const spot of spotsOf(wish, ground.view)) {
    const cost = costOf(spot, wish, ground);
    if (cost < least) [best, least] = [spot, cost];
    if (cost === 0) break;
  }
  return best;
}

export function boxAt({ x, y }: Spot, { width, height }: Pick<SeatWish, 'width' | 'height'>): Box {
  return { left: x - width / 2, top: y - height / 2, width, height };
}

/** The best first. Away from home both ends are in the area, so that a name is never taken for a neighbour's. */
function* spotsOf({ home, seat, width, height, isInside }: SeatWish, view: Box): Generator<Spot> {
  if (seat !== null) yield seat;
  yield home;
  const x = clamped(home.x, view.left + width / 2, view.left + view.width - width / 2);
  const y = clamped(home.y, view.top + height / 2, view.top + view.height - height / 2);
  for (const { aside, up } of STEPS) {
    const spot = { x: x + aside * ASIDE * width, y: y + up * UP * height };
    const ends = [-width / 2, width / 2].map((dx) => ({ x: spot.x + dx, y: spot.y }));
    if (ends.every(isInside)) yield spot;
  }
}

function costOf(spot: Spot, wish: SeatWish, { view, taken, vehicles }: Ground): number {
  const box = boxAt(spot, wish);
  if (!isClear(box, taken)) return Number.POSITIVE_INFINITY;
  const over = vehicles.filter((vehicle) => liesOn(vehicle, box));
  const standing = over.filter(({ isStill }) => isStill).length;
  return (
    (isWithin(box, view) ? 0 : BEHIND_THE_EDGE) +
    standing * UNDER_ONE_THAT_STANDS +
    (over.length - standing) * UNDER_ONE_THAT_PASSES
  );
}

function liesOn({ x, y }: Spot, { left, top, width, height }: Box): boolean {
  const [dx, dy] = [x - clamped(x, left, left + width), y - clamped(y, top, top + height)];
  return Math.hypot(dx, dy) < VEHICLE_RADIUS_PX;
}

function isWithin({ left, top, width, height }: Box, view: Box): boolean {
  return (
    left >= view.left &&
    top >= view.top &&
    left + width <= view.left + view.width &&
    top + height <= view.top + view.height
  );
}

function clamped(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
