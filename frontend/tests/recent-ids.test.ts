import { expect, it } from 'vitest';
import { RecentIds } from '../src/recent-ids.ts';

it('knows an id again', () => {
  const ids = new RecentIds(10);
  expect([5, 6, 5].map((id) => ids.add(id))).toEqual([true, true, false]);
});

it('forgets the oldest beyond its size', () => {
  const ids = new RecentIds(2);
  for (const id of ['a', 'b', 'c']) ids.add(id);
  expect([ids.add('c'), ids.add('a')]).toEqual([false, true]);
});
