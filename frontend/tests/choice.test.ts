import { expect, it } from 'vitest';
import { between, toggled } from '../src/choice.ts';

const LIST = [{ id: 7 }, { id: 3 }, { id: 9 }, { id: 1 }];

it('takes one more, or one fewer', () => {
  expect(toggled([7, 3], 9)).toEqual([7, 3, 9]);
  expect(toggled([7, 3], 7)).toEqual([3]);
});

it('takes all between two rows, in either direction', () => {
  expect(between(LIST, 1, 2)).toEqual([3, 9]);
  expect(between(LIST, 3, 1)).toEqual([3, 9, 1]);
  expect(between(LIST, 0, 9)).toHaveLength(4);
});
