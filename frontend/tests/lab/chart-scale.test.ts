import { describe, expect, it } from 'vitest';
import { pathOf, pushCapped, roundTop, smoothed } from '../../src/lab/chart-scale.ts';

it('keeps the newest', () => {
  const list = [1, 2];
  pushCapped(list, 3, 2);
  expect(list).toEqual([2, 3]);
});

describe('smoothed', () => {
  it('gives each value the mean of those up to it', () => {
    expect(smoothed([6, 0, 0, 6], 3)).toEqual([6, 3, 2, 2]);
  });

  it('leaves gaps as gaps', () => {
    expect(smoothed([4, null, 8], 3)).toEqual([4, null, 6]);
  });
});

it.each([
  [[0], 1000, 1000],
  [[1001], 1000, 2000],
  [[2100, null], 1000, 5000],
  [[5001], 1000, 10_000],
  [[10_000], 1000, 10_000],
  [[], 300, 500],
])('ends the axis for %j, at least %d, at %d', (values, least, top) => {
  expect(roundTop([values], least)).toBe(top);
});

describe('pathOf', () => {
  const box = { width: 100, height: 10, count: 5, top: 100 };

  it('ends at the right edge', () => {
    expect(pathOf([0, 50, 100], box)).toBe('M50.0 10.0L75.0 5.0L100.0 0.0');
  });

  it('does not draw over gaps', () => {
    expect(pathOf([0, null, 100], box)).toBe('M50.0 10.0M100.0 0.0');
  });

  it('stays in the box', () => {
    expect(pathOf([900], box)).toBe('M100.0 0.0');
  });
});
