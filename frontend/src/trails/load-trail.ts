/** The recent way of a vehicle from the archive, `/api/v1/vehicles/{slug}/track`. */
import { isListOf, isNumber, isNumberOrNull, isRecord, isText } from '../guards.ts';
import type { TrailPoint } from '../map/types.ts';
import { TRAIL_MS } from './trail-book.ts';

type Row = [fixTime: string, lat: number, lon: number, speedMps: number | null];

/** Throws when the server does not answer as agreed. */
export async function loadTrail(
  vehiclesUrl: string,
  slug: string,
  nowMs: number,
): Promise<readonly TrailPoint[]> {
  const span = new URLSearchParams({ from: instant(nowMs - TRAIL_MS), to: instant(nowMs) });
  const address = `${vehiclesUrl}/${encodeURIComponent(slug)}/track?${span}`;
  const response = await fetch(address, { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return trailOf(await response.json());
}

/** Throws when it is no track. */
export function trailOf(track: unknown): readonly TrailPoint[] {
  if (!isRecord(track) || !isListOf(track.rows, isRow)) throw new Error('no track was given');
  return track.rows.map(([fixTime, lat, lon, speedMps]) => ({
    timeMs: Date.parse(fixTime),
    lat,
    lon,
    speedMps,
  }));
}

function isRow(value: unknown): value is Row {
  if (!Array.isArray(value)) return false;
  const [fixTime, lat, lon, speedMps] = value;
  return isText(fixTime) && isNumber(lat) && isNumber(lon) && isNumberOrNull(speedMps);
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
