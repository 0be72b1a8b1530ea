/** Who was at a place, from when to when, as the two REST paths tell it. Pure but for asking. */
import { isListOf, isRecord, isText, isTextOrNull } from '../guards.ts';
import { loadPages, send } from '../rest.ts';
import { t } from '../texts.ts';
import { type Place, timeText } from './address.ts';

const PAGE_SIZE = 1_000;
const MOST_PAGES = 5;

/** Of one vehicle. */
export interface Stay {
  readonly fromMs: number;
  readonly toMs: number;
  /** It was there at the beginning of the asked time already. */
  readonly isBefore: boolean;
  /** It was still there at its end. */
  readonly isAfter: boolean;
  /** It is there now, as far as is known. */
  readonly isNow: boolean;
}

export interface Visitor {
  readonly slug: string;
  readonly stays: readonly Stay[];
}

export interface Visitors {
  /** Who came first is the first. */
  readonly visitors: readonly Visitor[];
  /** Not all of them could be listed. */
  readonly hasMore: boolean;
}

export interface Asked {
  readonly place: Place;
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
}

interface Visit {
  readonly vehicle: string | null;
  readonly enter_time: string;
  readonly exit_time: string | null;
}

interface Within {
  readonly vehicle: string;
  readonly stretches: readonly (readonly [string, string])[];
}

/** Throws an Error whose message can be shown. */
export async function loadVisitors(asked: Asked): Promise<Visitors> {
  const params = { from: timeText(asked.fromMs), to: timeText(asked.toMs) };
  return asked.place.kind === 'region'
    ? await loadOfRegion(asked.place.slug, params, asked)
    : await loadOfBox({ ...params, ...asked.place.bounds }, asked);
}

async function loadOfRegion(
  slug: string,
  params: Readonly<Record<string, string>>,
  asked: Asked,
): Promise<Visitors> {
  const url = `/api/v1/regions/${encodeURIComponent(slug)}/visits`;
  const page = await loadPages(url, { ...params, limit: PAGE_SIZE }, isVisit, MOST_PAGES).catch(() => null);
  if (page === null) throw new Error(t('The visits could not be loaded. Try again.'));
  return { visitors: visitorsOf(page.items, asked), hasMore: page.next !== null };
}

async function loadOfBox(params: Readonly<Record<string, string | number>>, asked: Asked): Promise<Visitors> {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
  const { value, problem } = await send('GET', `/api/v1/fleet/within?${query}`, undefined);
  if (problem !== null) throw new Error(problem.errors[0]?.reason ?? problem.detail);
  if (!isRecord(value) || !isListOf(value.vehicles, isWithin))
    throw new Error(t('The visits could not be loaded. Try again.'));
  return { visitors: visitorsWithin(value.vehicles, asked), hasMore: false };
}

/** Vehicles that are gone have no name any more, and are left out. */
export function visitorsOf(
  visits: readonly Visit[],
  { fromMs, toMs, nowMs }: Omit<Asked, 'place'>,
): readonly Visitor[] {
  const stays = new Map<string, Stay[]>();
  for (const { vehicle, enter_time, exit_time } of visits) {
    if (vehicle === null) continue;
    const enterMs = Date.parse(enter_time);
    const exitMs = exit_time === null ? Math.max(enterMs, Math.min(toMs, nowMs)) : Date.parse(exit_time);
    const stay = {
      ...{ fromMs: enterMs, toMs: exitMs },
      ...{ isBefore: enterMs < fromMs, isAfter: exit_time === null || exitMs > toMs },
      isNow: exit_time === null && nowMs <= toMs,
    };
    const known = stays.get(vehicle);
    if (known === undefined) stays.set(vehicle, [stay]);
    else known.push(stay);
  }
  return [...stays].map(([slug, ofIt]) => ({ slug, stays: ofIt }));
}

/** What is told of a box ends where the asked time does. */
export function visitorsWithin(
  found: readonly Within[],
  { fromMs, toMs, nowMs }: Omit<Asked, 'place'>,
): readonly Visitor[] {
  const visitors = found.map(({ vehicle, stretches }) => ({
    slug: vehicle,
    stays: stretches.map(([from, to]) => {
      const [beginMs, endMs] = [Date.parse(from), Date.parse(to)];
      return {
        ...{ fromMs: beginMs, toMs: endMs },
        ...{ isBefore: beginMs <= fromMs, isAfter: endMs >= Math.min(toMs, nowMs) },
        isNow: endMs >= nowMs,
      };
    }),
  }));
  return visitors.sort((a, b) => (a.stays[0]?.fromMs ?? 0) - (b.stays[0]?.fromMs ?? 0));
}

function isVisit(value: unknown): value is Visit {
  return (
    isRecord(value) &&
    isTextOrNull(value.vehicle) &&
    isText(value.enter_time) &&
    isTextOrNull(value.exit_time)
  );
}

function isWithin(value: unknown): value is Within {
  return isRecord(value) && isText(value.vehicle) && isListOf(value.stretches, isStretch);
}

function isStretch(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(isText);
}
