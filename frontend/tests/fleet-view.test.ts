import { describe, expect, it } from 'vitest';
import { makeSearch } from '../src/fleet-search.ts';
import { FleetStore, type Vehicle } from '../src/fleet-store.ts';
import { arrange, type Filter, matcher } from '../src/fleet-view.ts';
import type { DrawStatus } from '../src/map/types.ts';
import { makeInfo, makeRow, makeSnapshot } from './helpers.ts';

let waiting = 0;

const store = new FleetStore();
store.apply(
  makeSnapshot({
    rows: [
      makeRow(1, 1, { status: 3 }),
      makeRow(2, 1, { status: 4 }),
      makeRow(3, 1, { status: 1 }),
      makeRow(4, 1, { status: 1 }),
    ],
    vehicles: {
      1: makeInfo(1, { name: 'Örjan', plate: 'XYZ 123', slug: 'orjan' }),
      2: makeInfo(2),
      3: makeInfo(3),
      4: makeInfo(4),
    },
  }),
  1,
);

function shown(
  { search = '', statuses = new Set<DrawStatus>() }: Partial<Filter>,
  order: 'name' | 'attention' = 'name',
): number[] {
  const matches = matcher(makeSearch(search, []), statuses);
  return arrange(store.byName(), matches, order, ({ id }) => id === waiting).map(({ id }: Vehicle) => id);
}

describe('matcher', () => {
  it.each([
    ['', [2, 3, 4, 1]],
    ['bus', [2, 3, 4]],
    ['BUS 3', [3]],
    ['xyz', [1]],
    ['orjan', [1]],
    ['örJAN 123', [1]],
    ['bus xyz', []],
  ])('finds %j', (search, ids) => {
    expect(shown({ search })).toEqual(ids);
  });

  it('shows the pressed statuses only', () => {
    expect(shown({ statuses: new Set<DrawStatus>([6, 3]) })).toEqual([2, 1]);
  });

  it('is nothing when nothing is filtered', () => {
    expect(matcher(makeSearch('  ', []), new Set())).toBeUndefined();
  });
});

it('puts who is off duty last, unless it is in alarm', () => {
  const resting = new FleetStore();
  const rows = [makeRow(1, 1, { status: 1 }), makeRow(2, 1, { status: 3 }), makeRow(3, 1, { status: 4 })];
  const vehicles = {
    1: makeInfo(1, { off_duty_since: 5 }),
    2: makeInfo(2),
    3: makeInfo(3, { off_duty_since: 5 }),
  };
  resting.apply(makeSnapshot({ rows, vehicles }), 1);
  const order = arrange(resting.byName(), undefined, 'attention', () => false);
  expect(order.map(({ id }) => id)).toEqual([3, 2, 1]);
});

it('puts who waits for an answer right after the alarms', () => {
  waiting = 1;
  expect(shown({}, 'attention')).toEqual([2, 1, 3, 4]);
  expect(shown({})).toEqual([2, 3, 4, 1]);
  waiting = 0;
});

it('puts alarms first and names in order within a status', () => {
  expect(shown({}, 'attention')).toEqual([2, 3, 4, 1]);
});
