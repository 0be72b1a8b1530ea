import { describe, expect, it } from 'vitest';
import { snoozeTimes } from '../../src/desk/snooze-times.ts';
import { isSnoozedRule, Snoozes } from '../../src/desk/snoozes.ts';
import { makeEntry } from './make-entry.ts';

const UNTIL_MS = Date.parse('2026-11-26T12:00:00Z');
const SNOOZED = { rule_id: 2, vehicle: 'bus-1', until_time: '2026-11-26T12:00:00Z' };

function alertOf(id: number, { vehicle = 'bus-1', ruleId = 2 as number | null } = {}) {
  return makeEntry(`alert.${id}`, { kind: 'alert', vehicle, alert: { id, ruleId, isOver: false, by: '' } });
}

function snoozed() {
  const snoozes = new Snoozes();
  snoozes.replace([SNOOZED]);
  return snoozes;
}

describe('a snooze', () => {
  it('holds for every alert of its rule and vehicle, and for no other', () => {
    const snoozes = snoozed();
    const until = [
      alertOf(7),
      alertOf(8),
      alertOf(7, { vehicle: 'bus-2' }),
      alertOf(7, { ruleId: 3 }),
      alertOf(7, { ruleId: null }),
      makeEntry(1),
    ].map((entry) => snoozes.untilMs(entry, UNTIL_MS - 1));
    expect(until).toEqual([UNTIL_MS, UNTIL_MS, null, null, null, null]);
  });

  it('ends, and its alerts come back once', () => {
    const snoozes = snoozed();
    const entries = [alertOf(8), alertOf(9, { ruleId: 3 }), makeEntry(1)];
    expect(snoozes.takeEnded(entries, UNTIL_MS - 1)).toEqual([]);
    expect(snoozes.untilMs(alertOf(8), UNTIL_MS)).toBeNull();
    expect(snoozes.takeEnded(entries, UNTIL_MS).map(({ id }) => id)).toEqual(['alert.8']);
    expect(snoozes.takeEnded(entries, UNTIL_MS)).toEqual([]);
  });

  it('is as the server lists it', () => {
    expect([SNOOZED, { ...SNOOZED, rule_id: '2' }, null].map(isSnoozedRule)).toEqual([true, false, false]);
  });
});

describe('times to choose from', () => {
  it('are a quarter of an hour, an hour, and the next morning where the reader is', () => {
    const nowMs = Date.parse('2026-11-26T23:30:00Z');
    const until = snoozeTimes(nowMs, 'Europe/Stockholm').map(({ untilMs }) =>
      new Date(untilMs).toISOString(),
    );
    expect(until).toEqual([
      '2026-11-26T23:45:00.000Z',
      '2026-11-27T00:30:00.000Z',
      '2026-11-28T05:00:00.000Z',
    ]);
  });
});
