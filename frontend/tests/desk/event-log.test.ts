import { describe, expect, it } from 'vitest';
import {
  amendmentOf,
  EventLog,
  entryOfEvent,
  entryOfKept,
  entryOfLogged,
  entryOfRaised,
  isLoggedEvent,
  isRaisedAlert,
  MOST_ENTRIES,
} from '../../src/desk/event-log.ts';
import { makeEvent, makeInfo } from '../helpers.ts';
import { makeEntry } from './make-entry.ts';

describe('the log', () => {
  it('has the newest first, whatever the order of their coming', () => {
    const log = new EventLog();
    log.add([makeEntry(1, { timeMs: 10 }), makeEntry(3, { timeMs: 30 })]);
    log.add([makeEntry(2, { timeMs: 20 }), makeEntry(4, { timeMs: 30 })]);
    expect(log.entries.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
  });

  it('tells each event once', () => {
    const log = new EventLog();
    log.add([makeEntry(1)]);
    const before = log.entries;
    log.add([makeEntry(1)]);
    expect(log.entries).toBe(before);
    expect(before).toHaveLength(1);
  });

  it('forgets the oldest', () => {
    const log = new EventLog();
    log.add(Array.from({ length: MOST_ENTRIES + 5 }, (_, id) => makeEntry(id, { timeMs: id })));
    expect([log.entries.length, log.entries.at(-1)?.id]).toEqual([MOST_ENTRIES, 5]);
  });

  it('knows from when on a gap has to be filled', () => {
    const log = new EventLog();
    const gap = makeEntry('gap.9', { kind: 'gap', timeMs: 9_000_000 });
    log.add([gap]);
    expect(log.missingSinceMs(gap)).toBe(9_000_000 - 3_600_000);
    log.add([makeEntry(1, { timeMs: 7_000_000 }), makeEntry(2, { timeMs: 9_500_000 })]);
    expect(log.missingSinceMs(gap)).toBe(7_000_000);
    log.remove('gap.9');
    expect(log.entries.map(({ kind }) => kind)).toEqual(['enter', 'enter']);
  });
});

describe('amendments', () => {
  const alert = makeEntry('alert.7', { kind: 'alert', alert: { id: 7, ruleId: 2, isOver: false, by: '' } });
  const said = (kind: string, data: Record<string, unknown>) => amendmentOf(kind, data) ?? [];
  const amendments = [
    said('alert_end', { alert: 7 }),
    said('acknowledged', { alert: 7, by: 'anna' }),
    said('retract', { event_id: 1 }),
  ].flat();

  it.each([true, false])('take back and note, whichever comes first (the entries: %s)', (first) => {
    const log = new EventLog();
    if (first) log.add([makeEntry(1), alert]);
    for (const amendment of [...amendments, ...amendments]) log.amend(amendment);
    if (!first) log.add([makeEntry(1), alert]);
    expect(log.entries).toEqual([{ ...alert, alert: { id: 7, ruleId: 2, isOver: true, by: 'anna' } }]);
    log.add([makeEntry(1)]);
    expect(log.entries).toHaveLength(1);
  });

  it('are told by their own kinds of events alone', () => {
    expect(amendments).toHaveLength(3);
    expect(amendmentOf('alert', { alert: 7, rule: 'Too long' })).toBeNull();
    expect(amendmentOf('retract', {})).toBeNull();
  });
});

describe('alerts', () => {
  const vehicles = { 1: makeInfo(1) };

  it('are one entry, told or found', () => {
    const start_time = '1970-01-01T00:00:01Z';
    const raised = { id: 7, rule: 'Too long', rule_id: 2, vehicle: 'bus-1', region: 'haga', start_time };
    const data = { alert: 7, rule: 'Too long', rule_id: 2, rule_kind: 'dwell' };
    const told = entryOfEvent(makeEvent({ kind: 'alert', region: 'haga', vehicles, data, time: 1000 }));
    expect(isRaisedAlert(raised)).toBe(true);
    expect({ ...entryOfRaised(raised), name: 'Bus 1' }).toEqual(told);
    expect(entryOfRaised({ ...raised, vehicle: null })).toBeNull();
  });

  it('stay apart from crossings, which say when they are late', () => {
    const event = makeEvent({ kind: 'enter', region: 'haga', vehicles, data: { late: true } });
    expect(entryOfEvent(event)?.isLate).toBe(true);
  });
});

describe('entries', () => {
  const vehicles = { 1: makeInfo(1) };

  it('name the vehicle and the region of a crossing', () => {
    const entry = entryOfEvent(makeEvent({ kind: 'exit', region: 'haga', vehicles, time: 7 }));
    expect(entry).toEqual(makeEntry(5, { kind: 'exit', timeMs: 7 }));
  });

  it('say what was written, and by which side', () => {
    const data = { message: 8, from_driver: true, author: 'phone', text: 'Late', quick_replies: [] };
    expect(entryOfEvent(makeEvent({ kind: 'message', region: null, vehicles, data }))).toMatchObject({
      isFromDriver: true,
      text: 'Late',
    });
  });

  it('take a message that was found unread for the one that is told', () => {
    const data = { message: 8, from_driver: true, author: 'phone', text: 'Late', quick_replies: [] };
    const told = entryOfEvent(makeEvent({ kind: 'message', region: null, vehicles, data, time: 1000 }));
    const found = entryOfKept({
      ...{ id: 8, vehicle: 'bus-1', from_driver: true, author: 'phone', text: 'Late', quick_replies: [] },
      ...{ state: 'delivered', sent_time: '1970-01-01T00:00:01Z' },
    });
    expect({ ...found, name: 'Bus 1' }).toEqual(told);
  });

  it('tell gaps, and neither receipts nor what is not known', () => {
    const gap = makeEvent({ event_id: 'gap.9', kind: 'gap', vehicle: null, region: null, time: 9 });
    expect(entryOfEvent(gap)).toMatchObject({ id: 'gap.9', kind: 'gap', timeMs: 9 });
    expect(entryOfEvent(makeEvent({ kind: 'receipt', vehicles }))).toBeNull();
    expect(entryOfEvent(makeEvent({ kind: 'alert', vehicles }))).toBeNull();
    expect(entryOfEvent(makeEvent({ kind: 'retract', vehicles, data: { event_id: 5 } }))).toBeNull();
  });

  it('come from the log of the server too', () => {
    const logged = { id: 5, kind: 'enter', vehicle: 'bus-1', region: 'haga', data: {} };
    const time = '1970-01-01T00:00:01.000Z';
    expect(isLoggedEvent({ ...logged, time })).toBe(true);
    expect(isLoggedEvent(logged)).toBe(false);
    expect(entryOfLogged({ ...logged, time })).toMatchObject({ id: 5, timeMs: 1000, name: 'bus-1' });
    expect(entryOfLogged({ ...logged, vehicle: null, time })).toBeNull();
  });
});
