/** State frames as `fleet.v1.bin` packs them; the byte table stands in docs/live-protocol.md. */
import { areVehicleNames } from './message-guards.ts';
import type { Reading, Row } from './protocol.ts';

const VERSION = 1;
const SNAPSHOT = 1;
const DELTA = 2;
const UNKNOWN_SPEED = 0xffff;
const UNKNOWN_COURSE = 0xfff;
const UNKNOWN_STATUS = 0xf;
/** Set in an age that is told in whole seconds. */
const IN_SECONDS = 2 ** 31;

const utf8 = new TextDecoder();

export function decodePacked(buffer: ArrayBuffer): Reading {
  try {
    return unpack(new ByteReader(buffer));
  } catch (error) {
    // A length beyond the end, or names that are no JSON.
    if (error instanceof RangeError || error instanceof SyntaxError) return { kind: 'broken' };
    throw error;
  }
}

function unpack(bytes: ByteReader): Reading {
  const version = bytes.u8();
  const kind = bytes.u8();
  if (version !== VERSION || (kind !== SNAPSHOT && kind !== DELTA)) return { kind: 'strange' };
  const [seq, prev, part, parts] = [bytes.u32(), bytes.u32(), bytes.u16(), bytes.u16()];
  const baseMs = bytes.u64();
  const [rowCount, goneCount] = [bytes.u32(), bytes.u32()];
  const channel = bytes.text(bytes.u8());
  const cursor = bytes.text(bytes.u8());
  const vehicles: unknown = JSON.parse(bytes.text(bytes.u32()));
  if (!areVehicleNames(vehicles)) return { kind: 'broken' };
  const rows: Row[] = [];
  while (rows.length < rowCount) rows.push(unpackRow(bytes, baseMs));
  const gone: number[] = [];
  while (gone.length < goneCount) gone.push(bytes.u32());
  const common = { seq, channel, cursor, rows, vehicles };
  return {
    kind: 'message',
    message:
      kind === SNAPSHOT
        ? { type: 'snapshot', ...common, part, parts }
        : { type: 'delta', ...common, prev, gone },
  };
}

function unpackRow(bytes: ByteReader, baseMs: number): Row {
  const vehicle = bytes.u32();
  const age = bytes.u32();
  const ageMs = age < IN_SECONDS ? age : (age - IN_SECONDS) * 1000;
  const [lat, lon] = [bytes.i32() / 1e6, bytes.i32() / 1e6];
  const speed = bytes.u16();
  const courseAndStatus = bytes.u16();
  const course = courseAndStatus & 0xfff;
  const status = courseAndStatus >>> 12;
  return [
    vehicle,
    baseMs - ageMs,
    lat,
    lon,
    speed === UNKNOWN_SPEED ? null : speed / 100,
    course === UNKNOWN_COURSE ? null : course / 10,
    status === UNKNOWN_STATUS ? null : status,
  ];
}

/** Little-endian, front to back; throws RangeError beyond the end. */
class ByteReader {
  readonly #view: DataView<ArrayBuffer>;
  #at = 0;

  constructor(buffer: ArrayBuffer) {
    this.#view = new DataView(buffer);
  }

  u8(): number {
    return this.#view.getUint8(this.#pass(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#pass(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#pass(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#pass(4), true);
  }

  u64(): number {
    return Number(this.#view.getBigUint64(this.#pass(8), true));
  }

  text(byteCount: number): string {
    return utf8.decode(new Uint8Array(this.#view.buffer, this.#pass(byteCount), byteCount));
  }

  #pass(byteCount: number): number {
    const from = this.#at;
    this.#at += byteCount;
    return from;
  }
}
