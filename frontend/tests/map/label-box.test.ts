import { describe, expect, it } from 'vitest';
import { type Box, placeNames, type Wish } from '../../src/map/label-box.ts';

const makeBox = (left: number): Box => ({ left, top: 0, width: 10, height: 10 });
const makeWish = (text: string, lefts: readonly number[], isMarked = false): Wish => ({
  text,
  places: lefts.map(makeBox),
  isMarked,
});
const placed = (wishes: readonly Wish[], taken: readonly Box[] = []) =>
  placeNames(wishes, taken).map(({ text, box }) => [text, box.left]);

describe('placeNames', () => {
  it('leaves out names that would cover an earlier one', () => {
    expect(placed([makeWish('a', [0]), makeWish('b', [9]), makeWish('c', [10])])).toEqual([
      ['a', 0],
      ['c', 10],
    ]);
  });

  it('goes to the next place that is free', () => {
    expect(placed([makeWish('a', [0]), makeWish('b', [5, 20])])).toEqual([
      ['a', 0],
      ['b', 20],
    ]);
  });

  it('covers what is taken for a marked name without another place only', () => {
    const taken = [makeBox(0)];
    expect(placed([makeWish('a', [5])], taken)).toEqual([]);
    expect(placed([makeWish('a', [5, 30], true)], taken)).toEqual([['a', 30]]);
    expect(placed([makeWish('a', [5, 8], true)], taken)).toEqual([['a', 5]]);
  });

  it('never covers another name, not even for a marked one', () => {
    expect(placed([makeWish('a', [0], true), makeWish('b', [5], true)])).toEqual([['a', 0]]);
  });
});
