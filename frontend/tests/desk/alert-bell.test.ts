import { describe, expect, it } from 'vitest';
import { AlertBell } from '../../src/desk/alert-bell.ts';
import { makeEntry } from './make-entry.ts';

function alertOf(id: number, { vehicle = 'bus-1', ruleId = 2, timeMs = 0 } = {}) {
  const alert = { id, ruleId, isOver: false, by: '' };
  return makeEntry(`alert.${id}`, { kind: 'alert', vehicle, timeMs, alert });
}

describe('the bell', () => {
  it('rings once for all that break a rule within a minute, and says who they are', () => {
    const bell = new AlertBell();
    const calls = [0, 1, 2].map((n) => bell.hear(alertOf(n, { vehicle: `bus-${n}` }), n * 10_000));
    expect(calls.map((call) => [call?.isFirst, call?.group.vehicles])).toEqual([
      [true, ['bus-0']],
      [false, ['bus-1', 'bus-0']],
      [false, ['bus-2', 'bus-1', 'bus-0']],
    ]);
    expect(bell.hear(alertOf(9, { timeMs: 60_000 }), 60_000)).toMatchObject({ isFirst: true });
  });

  it('rings for each rule', () => {
    const bell = new AlertBell();
    const calls = [2, 3].map((ruleId) => bell.hear(alertOf(ruleId, { ruleId }), 0));
    expect(calls.map((call) => call?.isFirst)).toEqual([true, true]);
  });

  it('is silent at what it has told, what is old, and what is no alert', () => {
    const bell = new AlertBell();
    bell.hear(alertOf(1), 0);
    expect([alertOf(1), makeEntry(5)].map((entry) => bell.hear(entry, 0))).toEqual([null, null]);
    expect(bell.hear(alertOf(2), 120_001)).toBeNull();
  });

  it('rings again for one that was snoozed', () => {
    const bell = new AlertBell();
    bell.hear(alertOf(1), 0);
    expect(bell.ring(alertOf(1), 900_000)).toMatchObject({ isFirst: true, group: { vehicles: ['bus-1'] } });
  });
});
