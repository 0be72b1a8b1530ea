/** What the address of the live page says, so that it can be kept, shared and gone back to. Pure. */
import type { Order } from './fleet-view.ts';
import type { DrawStatus, Labels, MapView } from './map/types.ts';
import { CHOICES, type Preferences } from './preferences.ts';
import { parseReplay, type ReplayAddress, replayParams } from './replay/address.ts';
import { STATUS_NAMES } from './status.ts';

export interface UrlState {
  /** Empty: all. */
  readonly regions: readonly string[];
  readonly vehicle: string | null;
  /** Selected together; empty, or two and more. */
  readonly group: readonly string[];
  readonly search: string;
  readonly statuses: readonly DrawStatus[];
  /** The list has only what the map shows. */
  readonly isInView: boolean;
  readonly order: Order;
  /** Null: as the reader's settings have it. */
  readonly units: Preferences['speed'] | null;
  readonly labels: Labels;
  /** Trails of all in view. */
  readonly hasTrails: boolean;
  readonly view: MapView | null;
  /** Null: live. */
  readonly replay: ReplayAddress | null;
}

export function parseUrlState(query: string): UrlState {
  const params = new URLSearchParams(query);
  return {
    regions: words(params.get('region')),
    vehicle: params.get('vehicle') || null,
    group: words(params.get('group')),
    search: params.get('q') ?? '',
    statuses: words(params.get('status')).flatMap(statusNamed),
    isInView: params.get('list') === 'view',
    order: params.get('sort') === 'name' ? 'name' : 'attention',
    units: CHOICES.speed.find((units) => units === params.get('units')) ?? null,
    labels: labelsNamed(params.get('names')),
    hasTrails: params.get('trails') === 'all',
    view: parseView(params.get('at')),
    replay: parseReplay(params),
  };
}

/** The reader's settings, and what the address has in their place. */
export function readerHere(preferences: Preferences, { units }: UrlState): Preferences {
  return { ...preferences, speed: units ?? preferences.speed };
}

/** Starts with `?`, or is empty. */
export function formatUrlState(state: UrlState): string {
  const params: [string, string][] = [
    ['region', state.regions.join(',')],
    ['vehicle', state.vehicle ?? ''],
    ['group', state.group.join(',')],
    ['q', state.search],
    ['status', state.statuses.map((status) => STATUS_NAMES[status]).join(',')],
    ['list', state.isInView ? 'view' : ''],
    ['sort', state.order === 'name' ? 'name' : ''],
    ['units', state.units ?? ''],
    ['names', state.labels === 'auto' ? '' : state.labels],
    ['trails', state.hasTrails ? 'all' : ''],
    ['at', state.view === null ? '' : formatView(state.view)],
    ...replayParams(state.replay),
  ];
  const said = params.filter(([, value]) => value !== '');
  if (said.length === 0) return '';
  // Commas and slashes are legal in a query and far easier to read than their escapes.
  return `?${new URLSearchParams(said).toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')}`;
}

/** As OpenStreetMap writes it: zoom/lat/lon. */
export function formatView({ zoom, lat, lon }: MapView): string {
  return `${Number(zoom.toFixed(2))}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}

export function parseView(text: string | null): MapView | null {
  const [zoom, lat, lon] = (text ?? '').split('/').map((part) => (part === '' ? Number.NaN : Number(part)));
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  const isOnEarth = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return isOnEarth ? { zoom, lat, lon } : null;
}

function statusNamed(name: string): DrawStatus[] {
  const index = (STATUS_NAMES as readonly string[]).indexOf(name);
  return index < 0 ? [] : [index as DrawStatus];
}

function labelsNamed(name: string | null): Labels {
  return name === 'on' || name === 'off' ? name : 'auto';
}

function words(text: string | null): string[] {
  return (text ?? '').split(',').filter(Boolean);
}
