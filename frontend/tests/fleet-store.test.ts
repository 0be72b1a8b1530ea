import { describe, expect, it } from 'vitest';
import { FleetStore } from '../src/fleet-store.ts';
import type { Delta, Row } from '../src/protocol.ts';
import { ALARM } from '../src/status.ts';
import { CHANNEL, makeChance, makeDelta, makeInfo, makeNames, makeRow, makeSnapshot } from './helpers.ts';

const NOW_MS = 1_000_000;
const LIMITS = { staleAfterMs: 120_000, offlineAfterMs: 3_600_000 };

function makeStore(...rows: Row[]): FleetStore {
  const store = new FleetStore();
  store.setLimits(LIMITS);
  store.apply(makeSnapshot({ rows }), NOW_MS);
  store.takeChanges();
  return store;
}

function ids(vehicles: readonly { readonly id: number }[]): number[] {
  return vehicles.map(({ id }) => id);
}

function contents(store: FleetStore): unknown[] {
  return store
    .byName()
    .map(({ id, fixTimeMs, lat, status, info }) => [id, fixTimeMs, lat, status, info.name]);
}

describe('latest wins', () => {
  it('takes a newer fix and reports it once', () => {
    const store = makeStore(makeRow(1, 1000));
    store.apply(makeDelta({ rows: [makeRow(1, 2000, { lat: 58 })] }), NOW_MS);
    expect(store.get(1)).toMatchObject({ lat: 58, fixTimeMs: 2000 });
    expect(ids(store.takeChanges().moved)).toEqual([1]);
    expect(store.takeChanges()).toEqual({ moved: [], restyled: [], removed: [] });
  });

  it.each([1000, 900])('never moves back to a fix of time %d', (fixTime) => {
    const store = makeStore(makeRow(1, 1000));
    store.apply(makeDelta({ rows: [makeRow(1, fixTime, { lat: 58 })] }), NOW_MS);
    expect(store.get(1)?.lat).toBe(57.7);
    expect(store.takeChanges().moved).toEqual([]);
  });

  it('raises and lifts an alarm without a new fix', () => {
    const store = makeStore(makeRow(1, NOW_MS, { status: 1 }));
    for (const [status, shown] of [
      [4, ALARM],
      [1, 1],
    ] as const) {
      store.apply(makeDelta({ rows: [makeRow(1, NOW_MS, { status })] }), NOW_MS);
      expect(store.get(1)?.status).toBe(shown);
      expect(ids(store.takeChanges().restyled)).toEqual([1]);
      expect(store.counts[shown]).toBe(1);
    }
    store.apply(makeDelta({ rows: [makeRow(1, NOW_MS - 1, { status: 4 })] }), NOW_MS);
    expect(store.takeChanges().restyled).toEqual([]);
  });

  it('hears that a driver went off duty and came back', () => {
    const store = makeStore(makeRow(1, 1000));
    for (const since of [5, undefined]) {
      const vehicles = { 1: makeInfo(1, since === undefined ? {} : { off_duty_since: since }) };
      store.apply(makeDelta({ rows: [makeRow(1, 1000)], vehicles }), NOW_MS);
      expect(store.get(1)?.info.off_duty_since).toBe(since);
    }
  });

  it('believes a snapshot that takes a fix back', () => {
    const store = makeStore(makeRow(1, 5000));
    store.apply(makeSnapshot({ rows: [makeRow(1, 1000)] }), NOW_MS);
    expect(store.get(1)?.fixTimeMs).toBe(1000);
  });
});

describe('heading', () => {
  it('is the way made as long as no course is reported', () => {
    const store = makeStore(makeRow(1, 1000, { course: null }));
    expect(store.get(1)?.headingDeg).toBeNull();
    store.apply(makeDelta({ rows: [makeRow(1, 2000, { course: null, lat: 57.701 })] }), NOW_MS);
    expect(store.get(1)).toMatchObject({ courseDeg: null, headingDeg: 0 });
    store.apply(makeDelta({ rows: [makeRow(1, 3000, { course: 90, lat: 57.702 })] }), NOW_MS);
    expect(store.get(1)?.headingDeg).toBe(90);
  });

  it('stays when the vehicle does', () => {
    const store = makeStore(makeRow(1, 1000, { course: 90 }));
    store.apply(makeDelta({ rows: [makeRow(1, 2000, { course: null, lat: 57.70001 })] }), NOW_MS);
    expect(store.get(1)?.headingDeg).toBe(90);
  });
});

describe('presence', () => {
  it('removes who is gone', () => {
    const store = makeStore(makeRow(1, 1000), makeRow(2, 1000));
    store.apply(makeDelta({ gone: [1, 99] }), NOW_MS);
    expect(ids(store.byName())).toEqual([2]);
    expect(store.takeChanges().removed).toEqual([1]);
  });

  it('brings back who was gone, even with an old fix', () => {
    const store = makeStore(makeRow(1, 1000));
    store.apply(makeDelta({ gone: [1] }), NOW_MS);
    store.apply(makeDelta({ rows: [makeRow(1, 1000)] }), NOW_MS);
    expect(store.takeChanges()).toMatchObject({ moved: [{ id: 1 }], removed: [] });
  });

  it('keeps a vehicle as long as one channel holds it, and its name for good', () => {
    const store = makeStore(makeRow(1, 1000));
    store.apply(makeSnapshot({ channel: 'region:b', rows: [makeRow(1, 1000)] }), NOW_MS);
    store.forget(CHANNEL);
    expect(store.size).toBe(1);
    store.apply(makeDelta({ channel: 'region:b', gone: [1] }), NOW_MS);
    expect(store.size).toBe(0);
    expect(store.nameOf('bus-1')).toBe('Bus 1');
  });

  it('drops who is missing from a snapshot, after its last part', () => {
    const store = makeStore(makeRow(1, 1000), makeRow(2, 1000), makeRow(3, 1000));
    store.apply(makeSnapshot({ part: 1, parts: 2, rows: [makeRow(3, 1000)] }), NOW_MS);
    expect(store.size).toBe(3);
    store.apply(makeSnapshot({ part: 2, parts: 2, rows: [makeRow(1, 1000)] }), NOW_MS);
    expect(ids(store.byName())).toEqual([1, 3]);
  });
});

describe('status', () => {
  it('grows stale and offline by the server clock, and counts', () => {
    const store = makeStore(makeRow(1, NOW_MS), makeRow(2, NOW_MS, { status: 4 }));
    store.advance(NOW_MS + 119_999);
    expect(store.counts).toEqual([0, 1, 0, 0, 0, 0, 1]);
    store.advance(NOW_MS + 120_000);
    expect(store.takeChanges().restyled).toMatchObject([{ id: 1, status: 4 }]);
    store.advance(NOW_MS + 3_600_000);
    expect(store.counts).toEqual([0, 0, 0, 0, 0, 1, 1]);
  });

  it('wakes up with a new fix', () => {
    const store = makeStore(makeRow(1, NOW_MS - 200_000));
    expect(store.get(1)?.status).toBe(4);
    store.apply(makeDelta({ rows: [makeRow(1, NOW_MS, { status: 2 })] }), NOW_MS);
    expect(store.get(1)?.status).toBe(2);
    expect(store.takeChanges()).toMatchObject({ moved: [{ id: 1 }], restyled: [] });
  });

  it('does not guess a status that the server does not know', () => {
    const store = makeStore([1, NOW_MS, 57, 12, null, null, null]);
    expect(store.get(1)).toMatchObject({ status: 0, speedMps: null, courseDeg: null });
  });
});

describe('names', () => {
  it('sorts as people count', () => {
    const store = makeStore(makeRow(10, 1), makeRow(2, 1), makeRow(1, 1));
    expect(ids(store.byName())).toEqual([1, 2, 10]);
  });

  it('follows a renaming', () => {
    const store = makeStore(makeRow(1, 1), makeRow(2, 1));
    const { membership } = store;
    store.apply(makeDelta({ vehicles: { 1: makeInfo(1, { name: 'Van', slug: 'van' }) } }), NOW_MS);
    expect(ids(store.byName())).toEqual([2, 1]);
    expect(store.find('van')?.id).toBe(1);
    expect(store.find('bus-1')).toBeUndefined();
    expect(store.membership).toBeGreaterThan(membership);
  });

  it('shows a vehicle that nobody named', () => {
    const store = makeStore();
    store.apply(makeDelta({ rows: [makeRow(7, 1)], vehicles: {} }), NOW_MS);
    expect(store.get(7)?.info.name).toBe('#7');
  });
});

describe('the law of live sync', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'old snapshot and deltas make the new snapshot (seed %d)',
    (seed) => {
      const history = makeHistory(makeChance(seed + 1));
      const store = makeStore(...history.first);
      for (const delta of history.deltas) store.apply(delta, NOW_MS);
      expect(contents(store)).toEqual(contents(makeStore(...history.last)));
    },
  );

  it('holds for rows in any order and any number of repeats', () => {
    const chance = makeChance(7);
    for (let run = 0; run < 20; run += 1) {
      const fixes = Array.from({ length: 60 }, (_, index) => makeRow(index % 5, index, { lat: index / 2 }));
      const store = makeStore();
      const shuffled = [...fixes, ...fixes].sort(() => chance() - 0.5);
      for (const row of shuffled) store.apply(makeDelta({ rows: [row] }), NOW_MS);
      expect(contents(store)).toEqual(contents(makeStore(...fixes.slice(-5))));
    }
  });

  it('counts as many vehicles as there are', () => {
    const history = makeHistory(makeChance(99));
    const store = makeStore(...history.first);
    for (const delta of history.deltas) store.apply(delta, NOW_MS);
    expect(store.counts.reduce((sum, count) => sum + count, 0)).toBe(store.size);
  });
});

/** A room in which vehicles come, move and go; each delta may be followed by a repeat of itself. */
function makeHistory(chance: () => number): { first: Row[]; deltas: Delta[]; last: Row[] } {
  const room = new Map<number, Row>();
  for (let id = 0; id < 8; id += 1) room.set(id, makeRow(id, 1));
  const first = [...room.values()];
  const deltas: Delta[] = [];
  for (let time = 2; time < 60; time += 1) {
    const id = Math.floor(chance() * 12);
    const leaves = chance() < 0.2 && room.has(id);
    const row = makeRow(id, time, { lat: chance() * 90, status: 1 + Math.floor(chance() * 4) });
    if (leaves) room.delete(id);
    else room.set(id, row);
    const rows = leaves ? [] : [row];
    const delta = makeDelta({ rows, gone: leaves ? [id] : [], vehicles: makeNames(rows) });
    deltas.push(delta, ...(chance() < 0.3 ? [delta] : []));
  }
  return { first, deltas, last: [...room.values()] };
}
