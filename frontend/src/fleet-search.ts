/** Finds vehicles by what somebody typed: every word must occur in name, plate, slug or driver, begin the status, or be of a region where it is. Pure. */
import { boundsOf, isWithin } from './bounds.ts';
import type { Vehicle } from './fleet-store.ts';
import type { Bounds, RegionShape } from './map/types.ts';
import { isInPolygon } from './polygon.ts';
import { cornersOf } from './regions.ts';
import { statusText } from './status-text.ts';

/** A status is meant from so many letters on; `al` is rather of a name. */
const STATUS_LETTERS = 3;

export interface Search {
  readonly words: readonly string[];
  matches(vehicle: Vehicle): boolean;
  /** The names of the regions that were typed, as far as the vehicle is in them. */
  regionsOf(vehicle: Vehicle): readonly string[];
}

interface Area {
  readonly shape: RegionShape;
  readonly bounds: Bounds | null;
}

export function makeSearch(text: string, shapes: readonly RegionShape[]): Search {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const areas = words.map((word) => areasNamed(word, shapes));
  return {
    words,
    matches: (vehicle) =>
      words.every(
        (word, i) =>
          vehicle.haystack.includes(word) ||
          isStatus(word, vehicle) ||
          (areas[i] ?? []).some((area) => isIn(area, vehicle)),
      ),
    regionsOf: (vehicle) => [
      ...new Set(
        areas
          .flat()
          .filter((area) => isIn(area, vehicle))
          .map(({ shape }) => shape.name),
      ),
    ],
  };
}

/** Who is called exactly so, by name, else plate, else slug, else driver; otherwise the first that was found. */
export function meantBy(text: string, found: readonly Vehicle[]): Vehicle | undefined {
  const asked = plain(text);
  const called = (key: 'name' | 'plate' | 'slug' | 'driver') =>
    found.find(({ info }) => plain(info[key] ?? '') === asked);
  return called('name') ?? called('plate') ?? called('slug') ?? called('driver') ?? found[0];
}

/** Where the words occur: starts and ends, in order, none over another. */
export function hitsIn(text: string, words: readonly string[]): readonly (readonly [number, number])[] {
  const low = text.toLowerCase();
  const found = words.flatMap((word) => {
    const start = low.indexOf(word);
    return start < 0 ? [] : [[start, start + word.length] as const];
  });
  const sorted = found.sort(([a], [b]) => a - b);
  return sorted.filter(([start], i) => sorted.slice(0, i).every(([, end]) => end <= start));
}

function areasNamed(word: string, shapes: readonly RegionShape[]): readonly Area[] {
  const named = shapes.filter(({ name, slug }) => `${name}\n${slug}`.toLowerCase().includes(word));
  return named.map((shape) => ({ shape, bounds: boundsOf(cornersOf([shape])) }));
}

function isIn({ shape, bounds }: Area, vehicle: Vehicle): boolean {
  return bounds !== null && isWithin(bounds, vehicle) && isInPolygon(shape.polygon, vehicle);
}

function isStatus(word: string, { status }: Vehicle): boolean {
  if (word.length < STATUS_LETTERS) return false;
  const names = statusText(status).toLowerCase().split(' ');
  return names.some((name) => name.startsWith(word));
}

/** Plates are typed with spaces and without. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, '');
}
