import { beforeEach, expect, it } from 'vitest';
import { Comings, MOST_COMINGS } from '../../src/ops/comings.ts';
import { makePresence } from '../helpers.ts';

let comings: Comings;

function told(): unknown[] {
  return comings.entries.map(({ person, isHere, timeMs }) => [person.who, isHere, timeMs]);
}

beforeEach(() => {
  comings = new Comings();
  comings.hear(makePresence([{ who: 'user:1' }]));
});

it('does not take those for newcomers who were there before', () => {
  expect(told()).toEqual([]);
});

it('tells who comes and who leaves, newest first', () => {
  comings.hear(makePresence([{ who: 'user:2', since: 2000 }], { whole: false }));
  comings.hear(makePresence([{ who: 'user:2', connections: 2 }], { whole: false }));
  comings.hear(makePresence([{ who: 'user:1', connections: 0, last_seen: 3000 }], { whole: false }));
  expect(told()).toEqual([
    ['user:1', false, 3000],
    ['user:2', true, 2000],
  ]);
});

it('finds out after a pause who is no longer there', () => {
  comings.hear(makePresence([{ who: 'user:3', since: 7000 }], { time: 8000 }));
  expect(told()).toEqual([
    ['user:3', true, 7000],
    ['user:1', false, 8000],
  ]);
});

it('forgets the oldest', () => {
  const crowd = Array.from({ length: MOST_COMINGS + 1 }, (_, id) => ({ who: `device:${id}` }));
  comings.hear(makePresence(crowd, { whole: false }));
  expect(comings.entries).toHaveLength(MOST_COMINGS);
});
