/** How many of the known vehicles are in each region now; work grows with what moved. No DOM. */
import { boundsOf, isWithin, type Point } from './bounds.ts';
import type { Bounds, RegionShape } from './map/types.ts';
import { isInPolygon } from './polygon.ts';
import { cornersOf } from './regions.ts';

interface Area {
  readonly shape: RegionShape;
  readonly bounds: Bounds | null;
}

interface Placed extends Point {
  readonly id: number;
}

const NOWHERE: readonly string[] = [];

export class RegionCounts {
  readonly #regionsOf = new Map<number, readonly string[]>();
  readonly #counts = new Map<string, number>();
  #areas: readonly Area[] = [];

  /** By slug; regions that hold nobody are 0. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Other regions, or others' borders, with everybody that is known. */
  restart(shapes: readonly RegionShape[], vehicles: Iterable<Placed>): void {
    this.#areas = shapes.map((shape) => ({ shape, bounds: boundsOf(cornersOf([shape])) }));
    this.#regionsOf.clear();
    this.#counts.clear();
    for (const { slug } of shapes) this.#counts.set(slug, 0);
    this.move(vehicles);
  }

  move(vehicles: Iterable<Placed>): void {
    for (const vehicle of vehicles) {
      const before = this.#regionsOf.get(vehicle.id) ?? NOWHERE;
      const now = this.#areas.filter((area) => holds(area, vehicle)).map(({ shape }) => shape.slug);
      if (isSame(before, now)) continue;
      this.#add(before, -1);
      this.#add(now, 1);
      this.#regionsOf.set(vehicle.id, now);
    }
  }

  remove(ids: Iterable<number>): void {
    for (const id of ids) {
      this.#add(this.#regionsOf.get(id) ?? NOWHERE, -1);
      this.#regionsOf.delete(id);
    }
  }

  #add(slugs: readonly string[], by: number): void {
    for (const slug of slugs) this.#counts.set(slug, (this.#counts.get(slug) ?? 0) + by);
  }
}

function holds({ shape, bounds }: Area, place: Point): boolean {
  return bounds !== null && isWithin(bounds, place) && isInPolygon(shape.polygon, place);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((slug, i) => slug === b[i]);
}
