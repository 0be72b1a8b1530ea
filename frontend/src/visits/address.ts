/** What the address of the page of visits says: a region or a box, two times, and the map's view. Pure. */
import type { Bounds, MapView } from '../map/types.ts';
import { formatView, parseView } from '../url-state.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** About a metre. */
const DECIMALS = 5;

export type Place =
  | { readonly kind: 'region'; readonly slug: string }
  | { readonly kind: 'box'; readonly bounds: Bounds };

export interface VisitsAddress {
  /** Null: not chosen yet. */
  readonly place: Place | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly view: MapView | null;
}

/** What it does not say, or says wrongly, is as on a fresh page: the last 24 hours, nowhere. */
export function parseVisitsAddress(query: string, nowMs: number): VisitsAddress {
  const params = new URLSearchParams(query);
  const [fromMs, toMs] = [params.get('from'), params.get('to')].map((text) => Date.parse(text ?? ''));
  const isRange = fromMs !== undefined && toMs !== undefined && fromMs < toMs;
  const endMs = Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS;
  return {
    place: parsePlace(params),
    fromMs: isRange ? fromMs : endMs - DAY_MS,
    toMs: isRange ? toMs : endMs,
    view: parseView(params.get('at')),
  };
}

/** Starts with `?`. */
export function formatVisitsAddress({ place, fromMs, toMs, view }: VisitsAddress): string {
  const params: [string, string][] = [
    ['region', place?.kind === 'region' ? place.slug : ''],
    ['box', place?.kind === 'box' ? formatBox(place.bounds) : ''],
    ['from', timeText(fromMs)],
    ['to', timeText(toMs)],
    ['at', view === null ? '' : formatView(view)],
  ];
  const said = params.filter(([, value]) => value !== '');
  return `?${new URLSearchParams(said).toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')}`;
}

/** On the earth, whichever of its copies the map shows, and as finely as the address says it; null without inside. */
export function boxOf({ west, south, east, north }: Bounds): Bounds | null {
  const turned = east - west >= 360 ? [-180, 180] : [turn(west), turn(east)];
  const [left, right] = turned.map(short) as [number, number];
  const box = {
    west: left,
    south: short(Math.max(-90, south)),
    east: right,
    north: short(Math.min(90, north)),
  };
  return box.south < box.north && box.west !== box.east ? box : null;
}

export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('.000Z', 'Z');
}

function parsePlace(params: URLSearchParams): Place | null {
  const slug = params.get('region');
  if (slug) return { kind: 'region', slug };
  const numbers = (params.get('box') ?? '')
    .split(',')
    .map((text) => (text === '' ? Number.NaN : Number(text)));
  const [west, south, east, north] = numbers;
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return null;
  const bounds = boxOf({ west, south, east, north } as Bounds);
  return bounds === null ? null : { kind: 'box', bounds };
}

function formatBox({ west, south, east, north }: Bounds): string {
  return [west, south, east, north].join(',');
}

function turn(lon: number): number {
  return Math.abs(lon) <= 180 ? lon : ((((lon + 180) % 360) + 360) % 360) - 180;
}

function short(degrees: number): number {
  return Number(degrees.toFixed(DECIMALS));
}
