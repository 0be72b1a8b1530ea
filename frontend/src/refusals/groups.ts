/** Refused fixes put together by vehicle, the most recent first. Pure. */

import { t } from '../texts.ts';
import { UNKNOWN_VEHICLE } from './reasons.ts';
import type { Refusal } from './refusal.ts';

/** What the server takes as the slug of a vehicle. */
const SLUG = /^[-\w]{1,64}$/;

export interface Group {
  readonly key: string;
  readonly title: string;
  /** Null: nobody knows a vehicle of that name. */
  readonly slug: string | null;
  /** What would become a vehicle; null where there is nothing to adopt. */
  readonly adoptable: string | null;
  /** Named so that no vehicle can be called so. */
  readonly unfit: boolean;
  readonly count: number;
  readonly lastMs: number;
  readonly refusals: readonly Refusal[];
}

export function groupsOf(refusals: readonly Refusal[]): readonly Group[] {
  const byKey = new Map<string, Refusal[]>();
  for (const refusal of refusals) {
    const members = byKey.get(keyOf(refusal));
    if (members === undefined) byKey.set(keyOf(refusal), [refusal]);
    else members.push(refusal);
  }
  return [...byKey].map(([key, members]) => groupOf(key, members)).toSorted((a, b) => b.lastMs - a.lastMs);
}

/** What has the text in a name of vehicle or device; all for an empty one. */
export function matching(refusals: readonly Refusal[], text: string): readonly Refusal[] {
  const wanted = text.trim().toLowerCase();
  return refusals.filter(({ device, vehicle, vehicle_name, named }) =>
    [device, vehicle, vehicle_name, named].some((name) => name?.toLowerCase().includes(wanted)),
  );
}

function keyOf({ vehicle, named }: Refusal): string {
  return vehicle === null ? `named ${named}` : `vehicle ${vehicle}`;
}

function groupOf(key: string, members: readonly Refusal[]): Group {
  const refusals = members.toSorted((a, b) => timeMs(b.last_time) - timeMs(a.last_time));
  const newest = refusals[0];
  const slug = newest?.vehicle ?? null;
  const named = newest?.named ?? '';
  const isUnknown = named !== '' && refusals.some(({ reason }) => reason === UNKNOWN_VEHICLE);
  const isSlug = SLUG.test(named);
  return {
    key,
    title: newest?.vehicle_name ?? (named || t('Without a name')),
    slug,
    adoptable: slug === null && isUnknown && isSlug ? named : null,
    unfit: slug === null && isUnknown && !isSlug,
    count: refusals.reduce((sum, { count }) => sum + count, 0),
    lastMs: newest === undefined ? 0 : timeMs(newest.last_time),
    refusals,
  };
}

export function timeMs(text: string): number {
  return Date.parse(text);
}
