/** Which vehicles are shown, and in which order. Pure. */
import type { Vehicle } from './fleet-store.ts';
import type { DrawStatus } from './map/types.ts';
import { ALARM, ATTENTION } from './status.ts';

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

/** `byName` must be in the order of names; within a status it stays so. Who waits for an answer comes right after the alarms. */
export function arrange(
  byName: readonly Vehicle[],
  matches: ((vehicle: Vehicle) => boolean) | undefined,
  order: Order,
  isWaiting: (vehicle: Vehicle) => boolean,
): readonly Vehicle[] {
  const shown = matches === undefined ? byName : byName.filter(matches);
  if (order === 'name') return shown;
  const groups: Vehicle[][] = [[], ...ATTENTION.map(() => [])];
  for (const vehicle of shown) groups[rank(vehicle, isWaiting)]?.push(vehicle);
  return groups.flat();
}

function rank(vehicle: Vehicle, isWaiting: (vehicle: Vehicle) => boolean): number {
  if (vehicle.status === ALARM) return 0;
  return isWaiting(vehicle) ? 1 : 1 + ATTENTION.indexOf(vehicle.status);
}
