import { describe, expect, it } from 'vitest';
import { amendedGroups, groupEvents } from '../../src/desk/event-groups.ts';
import type { LogEntry } from '../../src/desk/event-log.ts';
import { makeEntry } from './make-entry.ts';

/** Newest first, as the log gives them. */
function group(...entries: LogEntry[]) {
  return groupEvents(entries, 100);
}

describe('groups', () => {
  it('take a way over a border as one', () => {
    const [row, ...others] = group(
      makeEntry(2, { region: 'majorna', timeMs: 1000 }),
      makeEntry(1, { kind: 'exit', region: 'haga', timeMs: 1000 }),
    );
    expect([row?.left, row?.entered, others]).toEqual([['haga'], ['majorna'], []]);
  });

  it('say of a vehicle that follows a border where it is now', () => {
    const back = makeEntry(2, { kind: 'exit', timeMs: 40_000 });
    const rows = group(makeEntry(3, { timeMs: 90_000 }), back, makeEntry(1));
    expect(rows.map(({ left, entered, entries }) => [left, entered, entries.length])).toEqual([
      [[], ['haga'], 3],
    ]);
  });

  it('are of one vehicle, and others may come between', () => {
    const rows = group(
      makeEntry(3, { timeMs: 30_000 }),
      makeEntry(2, { vehicle: 'bus-2', timeMs: 20_000 }),
      makeEntry(1, { timeMs: 10_000 }),
    );
    expect(rows.map(({ entries }) => entries.map(({ id }) => id))).toEqual([[3, 1], [2]]);
  });

  it('end with a pause', () => {
    expect(group(makeEntry(2, { timeMs: 60_001 }), makeEntry(1))).toHaveLength(2);
  });

  it('mix neither crossings with messages, nor the sides of a conversation', () => {
    const rows = group(
      makeEntry(3, { kind: 'message', region: null, isFromDriver: true }),
      makeEntry(2, { kind: 'message', region: null }),
      makeEntry(1),
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['message', 'message', 'crossing']);
  });

  it('leave gaps alone and are as many as asked for', () => {
    const gaps = [2, 1].map((id) => makeEntry(`gap.${id}`, { kind: 'gap', vehicle: '', region: null }));
    expect(group(...gaps)).toHaveLength(2);
    expect(groupEvents(gaps, 1)).toHaveLength(1);
  });
});

function alert(id: number, vehicle: string, timeMs: number, ruleId: number | null = 2) {
  return makeEntry(`alert.${id}`, {
    ...{ kind: 'alert', vehicle, timeMs, text: 'Too fast' },
    alert: { id, ruleId, isOver: true, by: '' },
  });
}

describe('groups of alerts', () => {
  it('are one for many vehicles that break one rule at a time', () => {
    const many = Array.from({ length: 10 }, (_, i) => alert(20 - i, `bus-${i}`, 600_000 - i * 6000));
    const rows = group(...many, alert(1, 'bus-0', 0), alert(2, 'bus-0', 0, 3));
    expect(rows.map(({ entries, vehicles }) => [entries.length, vehicles.length])).toEqual([
      [10, 10],
      [1, 1],
      [1, 1],
    ]);
  });

  it('keep a few vehicles apart, each with what it did again', () => {
    const rows = group(
      alert(4, 'bus-1', 600_000),
      alert(3, 'bus-2', 590_000),
      alert(2, 'bus-1', 300_000),
      alert(1, 'bus-1', -2_000_000),
    );
    expect(rows.map(({ entries }) => entries.map(({ id }) => id))).toEqual([
      ['alert.4', 'alert.2'],
      ['alert.3'],
      ['alert.1'],
    ]);
  });

  it('know rules by name where events of old have no number', () => {
    expect(group(alert(2, 'bus-1', 90_000, null), alert(1, 'bus-1', 0, null))).toHaveLength(1);
  });
});

describe('groups that are read', () => {
  it('learn what became of them and stay in their places', () => {
    const alert = { id: 7, ruleId: 2, isOver: false, by: '' };
    const held = group(makeEntry('alert.7', { kind: 'alert', alert }), makeEntry(1));
    const noted = makeEntry('alert.7', { kind: 'alert', alert: { ...alert, by: 'Kim' } });
    const rows = amendedGroups(held, group(makeEntry(2, { vehicle: 'bus-2' }), noted));
    expect(rows.map(({ entries: [newest] }) => [newest?.id, newest?.alert?.by])).toEqual([
      ['alert.7', 'Kim'],
      [1, undefined],
    ]);
  });
});
