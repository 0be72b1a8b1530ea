/** What the address of the history page says, so that it can be kept, shared and gone back to. Pure. */
import type { MapView } from '../map/types.ts';
import { formatView, parseView } from '../url-state.ts';
import { type Company, companyOf } from './company.ts';
import { DEFAULT_SPEED, SPEEDS } from './player.ts';
import { addDays, dayOf, daysOf, isDay } from './zone.ts';

export const MOST_DAYS = 31;

export interface HistoryAddress extends Company {
  /** Days of the reader's zone, both in the range. */
  readonly first: string;
  readonly last: string;
  readonly cursorMs: number | null;
  readonly speed: number;
  readonly isSkipping: boolean;
  readonly isFollowing: boolean;
  readonly view: MapView | null;
}

/** What it does not say, or says wrongly, is as on a fresh page: today, from the beginning. */
export function parseHistoryAddress(query: string, today: string): HistoryAddress {
  const params = new URLSearchParams(query);
  const [first, last] = parseDays(params, today);
  const cursorMs = Date.parse(params.get('t') ?? '');
  const speed = Number(params.get('speed'));
  return {
    ...companyOf((params.get('vehicle') ?? '').split(',').filter(Boolean), params.get('chosen')),
    first,
    last,
    cursorMs: Number.isNaN(cursorMs) ? null : cursorMs,
    speed: SPEEDS.includes(speed) ? speed : DEFAULT_SPEED,
    isSkipping: params.get('skip') === 'yes',
    isFollowing: params.get('follow') === 'yes',
    view: parseView(params.get('at')),
  };
}

/** Starts with `?`. */
export function formatHistoryAddress(address: HistoryAddress): string {
  const { vehicles, vehicle, first, last, cursorMs, speed, isSkipping, isFollowing, view } = address;
  const params: [string, string][] = [
    ['vehicle', vehicles.join(',')],
    ['chosen', vehicle === (vehicles[0] ?? null) ? '' : (vehicle ?? '')],
    ...(first === last
      ? ([['day', first]] as [string, string][])
      : ([
          ['from', first],
          ['to', last],
        ] as [string, string][])),
    ['t', cursorMs === null ? '' : new Date(cursorMs).toISOString().replace('.000Z', 'Z')],
    ['speed', speed === DEFAULT_SPEED ? '' : String(speed)],
    ['skip', isSkipping ? 'yes' : ''],
    ['follow', isFollowing ? 'yes' : ''],
    ['at', view === null ? '' : formatView(view)],
  ];
  const said = params.filter(([, value]) => value !== '');
  return `?${new URLSearchParams(said).toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')}`;
}

/** Where one vehicle was on one day, from a moment of it on. */
export function historyHref(
  slug: string,
  { day, cursorMs, view = null }: { day: string; cursorMs: number | null; view?: MapView | null },
): string {
  const fresh = parseHistoryAddress(`?vehicle=${encodeURIComponent(slug)}&day=${day}`, day);
  return `/history${formatHistoryAddress({ ...fresh, cursorMs, view })}`;
}

/** The day and moment at which a vehicle is shown: now, in the past, or when it was heard of last. */
export function momentOf(
  { fixTimeMs, nowMs, isPast }: { fixTimeMs: number; nowMs: number; isPast: boolean },
  zone: string,
): { day: string; cursorMs: number | null } {
  const day = dayOf(fixTimeMs, zone);
  const isOfDay = day === dayOf(nowMs, zone);
  if (isOfDay && !isPast) return { day, cursorMs: null };
  return { day, cursorMs: Math.floor((isOfDay ? nowMs : fixTimeMs) / 1_000) * 1_000 };
}

function parseDays(params: URLSearchParams, today: string): [first: string, last: string] {
  const first = params.get('from') ?? params.get('day') ?? '';
  const last = params.get('to') ?? first;
  if (!isDay(first) || !isDay(last)) return [today, today];
  return boundedDays(first, last);
}

/** The wrong way round they are turned; too long a range loses its beginning. */
export function boundedDays(a: string, b: string): [first: string, last: string] {
  const [first, last] = a <= b ? [a, b] : [b, a];
  return daysOf(first, last).length > MOST_DAYS ? [addDays(last, 1 - MOST_DAYS), last] : [first, last];
}
