import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../src/bench/frame-meter.ts';
import { DELTAS_PER_ROUND, SimulatedFleet } from '../../src/bench/simulated-fleet.ts';
import { decodeMessage } from '../../src/protocol.ts';

const BOX = { west: 11.9, south: 57.6, east: 12, north: 57.7 };

function makeFleet(count: number): SimulatedFleet {
  let state = 0.123;
  return new SimulatedFleet(count, BOX, () => {
    state = (state * 97.31) % 1;
    return state;
  });
}

describe('SimulatedFleet', () => {
  it('speaks the protocol', () => {
    const fleet = makeFleet(2_500);
    const messages = [...fleet.snapshot(1_000), fleet.delta(1_250)];
    expect(messages).toHaveLength(3);
    for (const message of messages) expect(decodeMessage(JSON.stringify(message)).kind).toBe('message');
  });

  it('names every vehicle once a round and keeps it in the box', () => {
    const fleet = makeFleet(103);
    for (let round = 0; round < 50; round++) {
      const rows = Array.from({ length: DELTAS_PER_ROUND }, () => fleet.delta(round)).flatMap((d) => d.rows);
      expect(new Set(rows.map(([id]) => id)).size).toBe(103);
      for (const [, , lat, lon] of rows) {
        expect(lat >= BOX.south && lat <= BOX.north && lon >= BOX.west && lon <= BOX.east).toBe(true);
      }
    }
  });
});

describe('spreadOf', () => {
  it('knows middle and end', () => {
    expect(spreadOf([5, 1, 3, 2, 4])).toMatchObject({ n: 5, p50: 3, max: 5 });
    expect(spreadOf([])).toEqual({ n: 0, p50: null, p95: null, p99: null, max: null });
  });
});
