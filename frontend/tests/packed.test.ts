import { describe, expect, it } from 'vitest';
import { ROW_FIELDS } from '../src/message-guards.ts';
import { decodePacked } from '../src/packed.ts';
import { type Delta, decodeMessage, type Frame, type Row, type Snapshot } from '../src/protocol.ts';
import { makeChance, makeDelta, makeNames, makeSnapshot } from './helpers.ts';
import { encodePacked } from './packed-encoder.ts';

function inJson(frame: Frame): unknown {
  return decodeMessage(JSON.stringify(frame.type === 'snapshot' ? { ...frame, fields: ROW_FIELDS } : frame));
}

/** As the decoder of JSON has it, but for `fields`. */
function expectSame(frame: Frame): void {
  const json = inJson(frame) as { message: object };
  const { fields: _, ...message } = json.message as Record<string, unknown>;
  expect(decodePacked(encodePacked(frame))).toEqual({ kind: 'message', message });
}

/** Any frame that the wire can hold exactly: 1e-6°, cm/s, 0.1°, whole seconds beyond 24 days. */
function makeAnyFrame(chance: () => number): Frame {
  const below = (bound: number) => Math.floor(chance() * bound);
  const orNull = <T>(value: T) => (chance() < 0.2 ? null : value);
  const newestMs = 1_700_000_000_000 + below(1e10);
  const rows = Array.from({ length: below(20) }, (_, index): Row => {
    const ageMs = index === 0 ? 0 : chance() < 0.7 ? below(2 ** 31) : 1000 * (2_147_484 + below(1e9));
    return [
      below(2 ** 32),
      newestMs - ageMs,
      (below(180_000_001) - 90_000_000) / 1e6,
      (below(360_000_001) - 180_000_000) / 1e6,
      orNull(below(65_535) / 100),
      orNull(below(3600) / 10),
      orNull(1 + below(4)),
    ];
  });
  const common = { seq: below(2 ** 32), rows, vehicles: makeNames(rows.filter(() => chance() < 0.5)) };
  const channel = ['region:all', 'region:örgryte', 'vehicle:åäö-日本'][below(3)] ?? '';
  if (chance() < 0.5) {
    const part = 1 + below(9);
    return makeSnapshot({ ...common, channel, part, parts: part + below(9) } satisfies Partial<Snapshot>);
  }
  const gone = Array.from({ length: below(5) }, () => below(2 ** 32));
  return makeDelta({ ...common, channel, prev: below(2 ** 32), gone } satisfies Partial<Delta>);
}

describe('decodePacked', () => {
  it('says the same as the JSON frame, for any frame', () => {
    const chance = makeChance(11);
    for (let round = 0; round < 300; round += 1) expectSame(makeAnyFrame(chance));
  });

  it('reads the bytes of the table', () => {
    // By the server's encoder.
    const hex =
      '0102' +
      '07000000' +
      '05000000' +
      '01000100' +
      'c0a9ade78b010000' +
      '03000000' +
      '01000000' +
      '03613a62' +
      '0163' +
      '020000007b7d' +
      '2a000000e8030000a06e70034085b500e8038413' +
      '2b0000000000000060918ffc208650ffffffffff' +
      '2c000000c0c62d80000000000095ba0a00000040' +
      '09000000';
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    expect(decodePacked(bytes.buffer)).toEqual({
      kind: 'message',
      message: {
        type: 'delta',
        seq: 7,
        prev: 5,
        channel: 'a:b',
        cursor: 'c',
        rows: [
          [42, 1_700_398_999_000, 57.7, 11.896128, 10, 90, 1],
          [43, 1_700_399_000_000, -57.7, -11.5, null, null, null],
          [44, 1_697_399_000_000, 0, 180, 0, 0, 4],
        ],
        vehicles: {},
        gone: [9],
      },
    });
  });

  it('calls what was cut off broken, wherever', () => {
    const whole = encodePacked(makeDelta({ rows: [[1, 1000, 1, 2, 3, 4, 1]], gone: [2] }));
    for (let size = 0; size < whole.byteLength; size += 1) {
      expect(decodePacked(whole.slice(0, size)).kind).toBe('broken');
    }
  });

  it('calls names that are none broken', () => {
    const frame = { ...makeDelta(), vehicles: { 1: 'Bus' } } as unknown as Delta;
    expect(decodePacked(encodePacked(frame)).kind).toBe('broken');
  });

  it('leaves other versions and kinds alone', () => {
    const bytes = new Uint8Array(encodePacked(makeDelta()));
    bytes[1] = 3;
    expect(decodePacked(bytes.buffer).kind).toBe('strange');
    bytes.set([2, 1]);
    expect(decodePacked(bytes.buffer).kind).toBe('strange');
  });
});
