import { describe, expect, it } from 'vitest';
import { indexInSlot, scrollTopToKeep, scrollTopToShow, visibleRows } from '../src/panels/list-window.ts';

const ROW = 44;

describe('visibleRows', () => {
  it.each([
    ['at the top', 0, 100, { first: 0, end: 12 }],
    ['in the middle', 1000, 100, { first: 20, end: 35 }],
    ['at the foot', 100 * ROW - 440, 100, { first: 88, end: 100 }],
    ['in a short list', 0, 3, { first: 0, end: 3 }],
    ['in an empty list', 0, 0, { first: 0, end: 0 }],
    ['past the end, while a list shrinks', 9000, 5, { first: 5, end: 5 }],
  ])('%s', (_where, scrollTop, count, range) => {
    expect(visibleRows({ scrollTop, height: 440 }, ROW, count, 2)).toEqual(range);
  });
});

describe('indexInSlot', () => {
  it('gives each row in range to exactly one element', () => {
    const range = { first: 23, end: 31 };
    const indexes = Array.from({ length: 10 }, (_, slot) => indexInSlot(slot, 10, range));
    expect(indexes).toEqual([30, null, null, 23, 24, 25, 26, 27, 28, 29]);
  });

  it('keeps elements in place when the list scrolls by one', () => {
    const before = [0, 1, 2, 3].map((slot) => indexInSlot(slot, 4, { first: 4, end: 8 }));
    const after = [0, 1, 2, 3].map((slot) => indexInSlot(slot, 4, { first: 5, end: 9 }));
    expect([before, after]).toEqual([
      [4, 5, 6, 7],
      [8, 5, 6, 7],
    ]);
  });
});

it('scrolls no further than needed', () => {
  const viewport = { scrollTop: 440, height: 440 };
  expect([5, 12, 25].map((index) => scrollTopToShow(index, viewport, ROW))).toEqual([220, 440, 704]);
});

it('keeps a row where it is when others come before it', () => {
  expect(scrollTopToKeep(450, 10, 13, ROW)).toBe(582);
  expect(scrollTopToKeep(450, 10, 2, ROW)).toBe(98);
});

it('stays at the top when it was there', () => {
  expect(scrollTopToKeep(0, 0, 5, ROW)).toBe(0);
});
