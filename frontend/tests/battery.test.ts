import { describe, expect, it } from 'vitest';
import { batteryOf, isLow } from '../src/battery.ts';

const OLD = { battery_percent: 80, battery_time: '2026-11-18T10:00:00Z' };
const NEW = { battery_percent: 12, battery_time: '2026-11-18T11:00:00Z' };
const NONE = { battery_percent: null, battery_time: null };

describe('the battery of a vehicle', () => {
  it('is the one that was told last', () => {
    for (const devices of [
      [OLD, NEW, NONE],
      [NONE, NEW, OLD],
    ]) {
      expect(batteryOf({ devices })).toEqual({ percent: 12, timeMs: Date.parse(NEW.battery_time) });
    }
  });

  it.each([null, {}, { devices: [] }, { devices: [NONE] }, { devices: [5] }])(
    'is unknown in %j',
    (detail) => {
      expect(batteryOf(detail)).toBeNull();
    },
  );

  it('is low from 20 % on', () => {
    expect([21, 20, 0].map((percent) => isLow({ percent, timeMs: 0 }))).toEqual([false, true, true]);
  });
});
