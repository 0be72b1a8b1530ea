/** Which vehicles are shown, and in which order. Pure. */
import type { Vehicle } from './fleet-store.ts';
import type { DrawStatus } from './map/types.ts';
import { ATTENTION } from './status.ts';

export type Order = 'attention' | 'name';

export interface Filter {
  readonly search: string;
  /** Empty: all. */
  readonly statuses: ReadonlySet<DrawStatus>;
}

/** Every word of the search must occur in name, plate or slug. Undefined when nothing is filtered. */
export function matcher(filter: Filter): ((vehicle: Vehicle) => boolean) | undefined {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const { statuses } = filter;
  if (words.length === 0 && statuses.size === 0) return undefined;
  return (vehicle) =>
    (statuses.size === 0 || statuses.has(vehicle.status)) &&
    words.every((word) => vehicle.haystack.includes(word));
}

/** `byName` must be in the order of names; within a status it stays so. */
export function arrange(
  byName: readonly Vehicle[],
  matches: ((vehicle: Vehicle) => boolean) | undefined,
  order: Order,
): readonly Vehicle[] {
  const shown = matches === undefined ? byName : byName.filter(matches);
  if (order === 'name') return shown;
  const groups: Vehicle[][] = ATTENTION.map(() => []);
  for (const vehicle of shown) groups[ATTENTION.indexOf(vehicle.status)]?.push(vehicle);
  return groups.flat();
}
