/** Which vehicles are shown, and in which order. Pure. */
import type { Search } from './fleet-search.ts';
import type { Vehicle } from './fleet-store.ts';
import type { DrawStatus } from './map/types.ts';
import { isOffDuty } from './off-duty.ts';
import { ALARM, ATTENTION } from './status.ts';

export type Order = 'attention' | 'name';

export interface Filter {
  readonly search: string;
  /** Empty: all. */
  readonly statuses: ReadonlySet<DrawStatus>;
}

export type Matches = (vehicle: Vehicle) => boolean;

/** Undefined when nothing is filtered. */
export function matcher(search: Search, statuses: ReadonlySet<DrawStatus>): Matches | undefined {
  if (search.words.length === 0 && statuses.size === 0) return undefined;
  return (vehicle) => (statuses.size === 0 || statuses.has(vehicle.status)) && search.matches(vehicle);
}

/** `byName` must be in the order of names; within a status it stays so. Who waits for an answer comes right after the alarms, who is off duty last. */
export function arrange(
  byName: readonly Vehicle[],
  matches: Matches | undefined,
  order: Order,
  isWaiting: Matches,
): readonly Vehicle[] {
  const shown = matches === undefined ? byName : byName.filter(matches);
  if (order === 'name') return shown;
  const groups: Vehicle[][] = [[], ...ATTENTION.map(() => []), []];
  for (const vehicle of shown) groups[rank(vehicle, isWaiting)]?.push(vehicle);
  return groups.flat();
}

function rank(vehicle: Vehicle, isWaiting: Matches): number {
  if (vehicle.status === ALARM) return 0;
  if (isWaiting(vehicle)) return 1;
  return 1 + (isOffDuty(vehicle.info) ? ATTENTION.length : ATTENTION.indexOf(vehicle.status));
}
