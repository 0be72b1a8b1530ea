/** Packs a frame by the byte table in docs/live-protocol.md, as the server does. */
import type { Frame, Row } from '../src/protocol.ts';

export function encodePacked(frame: Frame): ArrayBuffer {
  const isSnapshot = frame.type === 'snapshot';
  const gone = isSnapshot ? [] : frame.gone;
  const baseMs = Math.max(0, ...frame.rows.map((row) => row[1]));
  const text = new TextEncoder();
  const [channel, cursor] = [text.encode(frame.channel), text.encode(frame.cursor)];
  const names = text.encode(JSON.stringify(frame.vehicles));
  return new Uint8Array([
    1,
    isSnapshot ? 1 : 2,
    ...little(frame.seq, 4),
    ...little(isSnapshot ? 0 : frame.prev, 4),
    ...little(isSnapshot ? frame.part : 1, 2),
    ...little(isSnapshot ? frame.parts : 1, 2),
    ...little(baseMs, 8),
    ...little(frame.rows.length, 4),
    ...little(gone.length, 4),
    channel.length,
    ...channel,
    cursor.length,
    ...cursor,
    ...little(names.length, 4),
    ...names,
    ...frame.rows.flatMap((row) => packRow(row, baseMs)),
    ...gone.flatMap((id) => little(id, 4)),
  ]).buffer;
}

function packRow([vehicle, fixTime, lat, lon, speed, course, status]: Row, baseMs: number): number[] {
  const ageMs = baseMs - fixTime;
  const turn = course === null ? 4095 : Math.round(course * 10) % 3600;
  return [
    ...little(vehicle, 4),
    ...little(ageMs < 2 ** 31 ? ageMs : 2 ** 31 + Math.floor(ageMs / 1000), 4),
    ...little(Math.round(lat * 1e6), 4),
    ...little(Math.round(lon * 1e6), 4),
    ...little(speed === null ? 65_535 : Math.round(speed * 100), 2),
    ...little(turn + ((status ?? 15) << 12), 2),
  ];
}

function little(value: number, byteCount: number): number[] {
  const bits = BigInt.asUintN(8 * byteCount, BigInt(value));
  return Array.from({ length: byteCount }, (_, index) => Number((bits >> BigInt(8 * index)) & 255n));
}
