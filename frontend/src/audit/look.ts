/** One line of the audit, and the question that the page's address asks. Pure. */

import { isNumber, isRecord, isText, isTextOrNull } from '../guards.ts';
import { addDays, instantOf, isDay } from '../history/zone.ts';
import { type Marked, mark, t } from '../texts.ts';

export interface Look {
  readonly id: number;
  readonly time: string;
  readonly kind: string;
  readonly who: string;
  /** What they are called now; empty for those that are gone, or have no other name. */
  readonly user_name: string;
  readonly vehicle_name: string;
  readonly region_name: string;
  /** Slugs; both empty: all that could be seen. */
  readonly vehicle: string;
  readonly region: string;
  readonly from_time: string | null;
  readonly to_time: string | null;
}

export const FILTERS = ['user', 'vehicle', 'first', 'last'] as const;

const KINDS: Readonly<Record<string, Marked>> = {
  track: mark('Track'),
  trips: mark('Trips'),
  stops: mark('Stops'),
  summary: mark('Totals of days'),
  visits: mark('Visits of a region'),
  events: mark('Events'),
  alerts: mark('Alerts'),
  quality: mark('Quality of fixes'),
  fleet: mark('Past of the fleet'),
  within: mark('Who was in a box'),
  share: mark('Shared link'),
  export: mark('Exported'),
  erase: mark('Erased'),
};

export function isLook(value: unknown): value is Look {
  return (
    isRecord(value) &&
    isNumber(value.id) &&
    [value.time, value.kind, value.who, value.vehicle, value.region].every(isText) &&
    [value.user_name, value.vehicle_name, value.region_name].every(isText) &&
    [value.from_time, value.to_time].every(isTextOrNull)
  );
}

/** A newer server may know further ones. */
export function kindText(kind: string): string {
  const words = KINDS[kind];
  return words === undefined ? kind : t(words);
}

/** Days are the reader's, both in the range; the wrong way round they are turned. */
export function questionOf(filter: URLSearchParams, zone: string): Readonly<Record<string, string>> {
  const asked = [filter.get('first') ?? '', filter.get('last') ?? ''] as const;
  const [first, last] = asked.every(isDay) && asked[0] > asked[1] ? [asked[1], asked[0]] : asked;
  const said = [
    ['user', filter.get('user')?.trim() ?? ''],
    ['vehicle', filter.get('vehicle')?.trim() ?? ''],
    ['from', isDay(first) ? instant(instantOf(first, 0, zone)) : ''],
    ['to', isDay(last) ? instant(instantOf(addDays(last, 1), 0, zone)) : ''],
  ];
  return Object.fromEntries(said.filter(([, value]) => value !== ''));
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
