/** Packed tracks: blobs of fixes one after the other, as the store has them; the byte table stands in docs/telemetry.md. */
import { BrokenHour, decodeHour, type HourColumns } from '../sealed-hour.ts';
import type { Span } from './player.ts';
import { LONGEST_SILENCE_MS, type Track } from './track.ts';

export const PACKED_TYPE = 'application/vnd.fleet.track';
const VERSION = 1;
const HEAD_BYTES = 4;
const LIMITED = 1;
const PART_HEAD_BYTES = 5;
const END_BYTES = 13;
const [GOES_ON, BEGINS, END] = [0, 1, 2] as const;
/** Inflated at a time. */
const AT_ONCE = 16;

interface Part {
  readonly begins: boolean;
  readonly blob: Uint8Array<ArrayBuffer>;
}

/** Throws BrokenHour. */
export async function unpackTrack(bytes: Uint8Array<ArrayBuffer>): Promise<Track> {
  const { parts, isLimited, fixes, toleranceM } = partsOf(bytes);
  const hours: HourColumns[] = [];
  for (let at = 0; at < parts.length; at += AT_ONCE) {
    hours.push(...(await Promise.all(parts.slice(at, at + AT_ONCE).map(({ blob }) => decodeHour(blob)))));
  }
  const column = (name: 'times' | 'lats' | 'lons' | 'speeds') => joined(hours.map((hour) => hour[name]));
  const times = column('times');
  if (toleranceM === null && times.length !== fixes)
    throw new BrokenHour(`${fixes} fixes were announced; there are ${times.length}`);
  const begins = beginsOf(parts, hours);
  const isLine = (i: number) => begins.has(i) || (toleranceM === null && isSilence(times, i));
  return {
    ...{ times, lats: column('lats'), lons: column('lons'), speeds: column('speeds') },
    gaps: gapsOf(times, isLine),
    ...{ fixes, toleranceM: times.length === fixes ? null : toleranceM, isLimited },
  };
}

function partsOf(bytes: Uint8Array<ArrayBuffer>): {
  readonly parts: readonly Part[];
  readonly isLimited: boolean;
  readonly fixes: number;
  readonly toleranceM: number | null;
} {
  if (bytes.length < HEAD_BYTES || bytes[0] !== 0x46 || bytes[1] !== 0x54)
    throw new BrokenHour('not a packed track');
  if (bytes[2] !== VERSION)
    throw new BrokenHour(`track of version ${bytes[2]}; version ${VERSION} can be read`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Part[] = [];
  let at = HEAD_BYTES;
  while (at + PART_HEAD_BYTES <= bytes.length && bytes[at] !== END) {
    if (bytes[at] !== GOES_ON && bytes[at] !== BEGINS) throw new BrokenHour(`a part of kind ${bytes[at]}`);
    const from = at + PART_HEAD_BYTES;
    const to = from + view.getUint32(at + 1, true);
    parts.push({ begins: bytes[at] === BEGINS, blob: bytes.subarray(from, to) });
    at = to;
  }
  if (at + END_BYTES !== bytes.length)
    throw new BrokenHour('a track that is cut, or followed by other bytes');
  const tolerance = view.getFloat64(at + 5, true);
  return {
    ...{ parts, fixes: view.getUint32(at + 1, true) },
    isLimited: ((bytes[3] as number) & LIMITED) !== 0,
    toleranceM: Number.isNaN(tolerance) ? null : tolerance,
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The rows with which a part begins to whose first fix no way is known. */
function beginsOf(parts: readonly Part[], hours: readonly HourColumns[]): ReadonlySet<number> {
  const begins = new Set<number>();
  let at = 0;
  parts.forEach((part, i) => {
    if (part.begins) begins.add(at);
    at += (hours[i] as HourColumns).times.length;
  });
  return begins;
}

function isSilence(times: Float64Array, i: number): boolean {
  return (times[i] as number) - (times[i - 1] as number) > LONGEST_SILENCE_MS;
}

function gapsOf(times: Float64Array, isLine: (i: number) => boolean): readonly Span[] {
  const gaps: Span[] = [];
  for (let i = 1; i < times.length; i++) {
    if (isLine(i)) gaps.push([times[i - 1] as number, times[i] as number]);
  }
  return gaps;
}
