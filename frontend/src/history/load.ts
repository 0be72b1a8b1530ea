/** What the archive has of a vehicle, over REST. Throws an Error whose message can be shown. */
import { isListOf, isRecord, isText } from '../guards.ts';
import { loadPages, problemOf } from '../rest.ts';
import { t } from '../texts.ts';
import { type Episode, episodesOf, isStop, isTrip } from './episodes.ts';
import { type DayTotals, isDayTotals } from './figures.ts';
import type { Span } from './player.ts';

const PAGE_SIZE = 1_000;

export interface Asked {
  readonly vehiclesUrl: string;
  readonly slug: string;
  readonly span: Span;
}

export interface HistoryVehicle {
  readonly slug: string;
  readonly name: string;
  readonly plate: string;
  /** Null until its first fix. */
  readonly latest: { readonly fix_time: string } | null;
}

export async function loadEpisodes({ vehiclesUrl, slug, span }: Asked): Promise<readonly Episode[]> {
  const url = `${vehiclesUrl}/${encodeURIComponent(slug)}`;
  const params = { from: instant(span[0]), to: instant(span[1]) };
  const [trips, stops] = await Promise.all([
    loadPages(`${url}/trips`, params, isTrip),
    loadPages(`${url}/stops`, params, isStop),
  ]);
  return episodesOf(trips.items, stops.items);
}

/** What it did on each of the days. */
export async function loadDays(asked: Asked, zone: string): Promise<readonly DayTotals[]> {
  const summary = await ask(addressOf(asked, 'summary', { tz: zone }));
  if (!isRecord(summary) || !isListOf(summary.days, isDayTotals)) throw new Error('no summary was given');
  return summary.days;
}

export async function loadVehicles(vehiclesUrl: string): Promise<readonly HistoryVehicle[]> {
  return (await loadPages(vehiclesUrl, { limit: PAGE_SIZE }, isVehicle)).items;
}

/** Where a browser gets a part of it. */
export function addressOf(
  { vehiclesUrl, slug, span }: Asked,
  what: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const params = new URLSearchParams({ from: instant(span[0]), to: instant(span[1]), ...more });
  return `${vehiclesUrl}/${encodeURIComponent(slug)}/${what}?${params}`;
}

export async function ask(address: string): Promise<unknown> {
  const response = await fetch(address, { headers: { accept: 'application/json' } }).catch(() => null);
  if (response === null) throw refusal(0, null);
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw refusal(response.status, answer);
}

/** Of what the server answered; status 0: no answer came. */
export function refusal(status: number, answer: unknown): Error {
  if (status === 0) return new Error(t('The server cannot be reached. Try again.'));
  return new Error(problemOf(answer, status).detail);
}

function isVehicle(value: unknown): value is HistoryVehicle {
  if (!isRecord(value) || ![value.slug, value.name, value.plate].every(isText)) return false;
  return value.latest === null || (isRecord(value.latest) && isText(value.latest.fix_time));
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
