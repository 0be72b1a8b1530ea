/** Packed replays: columns that are taken as they came; the byte table stands in docs/telemetry.md. Pure. */
import type { Chunk } from './chunk.ts';

export const PACKED_TYPE = 'application/vnd.fleet.replay';
const VERSION = 1;
const HEAD_BYTES = 20;
const LIMITED = 1;

/** The bytes are not a packed replay. */
export class BrokenReplay extends Error {
  override readonly name = 'BrokenReplay';
}

/** A chunk of the whole span, whose columns lie in the bytes. Throws BrokenReplay. */
export function unpackReplay(bytes: ArrayBuffer, fromMs: number): Chunk {
  const { flags, stepS, vehicles, rows, nameBytes } = headOf(bytes);
  const namesEnd = HEAD_BYTES + nameBytes;
  let at = namesEnd + (-nameBytes & 3);
  if (bytes.byteLength !== at + 4 * (vehicles + 1 + 3 * rows))
    throw new BrokenReplay('a replay that is cut, or followed by other bytes');
  const names = new TextDecoder().decode(new Uint8Array(bytes, HEAD_BYTES, nameBytes));
  const slugs = vehicles === 0 ? [] : names.split('\n');
  if (slugs.length !== vehicles) throw new BrokenReplay(`${vehicles} vehicles have ${slugs.length} names`);
  const next = (size: number): number => {
    at += 4 * size;
    return at - 4 * size;
  };
  return {
    ...{ hourMs: fromMs, stepS, isLimited: (flags & LIMITED) !== 0, slugs },
    starts: new Uint32Array(bytes, next(vehicles + 1), vehicles + 1),
    timesMs: new Int32Array(bytes, next(rows), rows),
    lats: new Int32Array(bytes, next(rows), rows),
    lons: new Int32Array(bytes, next(rows), rows),
  };
}

function headOf(bytes: ArrayBuffer): {
  readonly flags: number;
  readonly stepS: number;
  readonly vehicles: number;
  readonly rows: number;
  readonly nameBytes: number;
} {
  const head = new DataView(bytes);
  if (bytes.byteLength < HEAD_BYTES || head.getUint16(0) !== 0x4652)
    throw new BrokenReplay('not a packed replay');
  if (head.getUint8(2) !== VERSION)
    throw new BrokenReplay(`replay of version ${head.getUint8(2)}; version ${VERSION} can be read`);
  return {
    flags: head.getUint8(3),
    stepS: head.getUint32(4, true),
    vehicles: head.getUint32(8, true),
    rows: head.getUint32(12, true),
    nameBytes: head.getUint32(16, true),
  };
}
