import { expect, it } from 'vitest';
import { Alarms, isPastAlert } from '../../src/replay/alarms.ts';

const at = (minute: number) => Date.parse('2026-01-01T09:00:00Z') + minute * 60_000;
const time = (minute: number) => new Date(at(minute)).toISOString();
const ALERT = { vehicle: 'van', start_time: time(1), end_time: time(5), acknowledged_time: null };

function alarmed(...alerts: readonly (typeof ALERT | object)[]): number[] {
  const alarms = new Alarms(alerts.map((alert) => ({ ...ALERT, ...alert })));
  return [0, 1, 2, 3, 4, 5, 6].filter((minute) => alarms.has('van', at(minute)));
}

it('a vehicle is in alarm while its alert lasts and nobody has noted it', () => {
  expect(alarmed({})).toEqual([1, 2, 3, 4]);
  expect(alarmed({ acknowledged_time: time(3) })).toEqual([1, 2]);
  expect(alarmed({ acknowledged_time: time(6) })).toEqual([1, 2, 3, 4]);
  expect(alarmed({ end_time: null })).toEqual([1, 2, 3, 4, 5, 6]);
});

it('one alert of several is enough, of this vehicle', () => {
  expect(alarmed({ end_time: time(2) }, { start_time: time(4), end_time: null })).toEqual([1, 4, 5, 6]);
  expect(alarmed({ vehicle: 'bus' }, { vehicle: null })).toEqual([]);
});

it('what is no alert is not taken for one', () => {
  expect(isPastAlert(ALERT)).toBe(true);
  expect([null, {}, { ...ALERT, start_time: 5 }].some(isPastAlert)).toBe(false);
});
