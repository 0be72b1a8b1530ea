import { describe, expect, it } from 'vitest';
import { isAsGoodWith, LEAST_POINTS, pointsFor } from '../../src/history/budget.ts';
import { makeTrack } from './make-track.ts';

const BUDGET = { ofOne: 100_000, ofAll: 500_000 };

describe('the points of a company', () => {
  it('are as many as one alone has, while all of them fit', () => {
    expect(pointsFor(BUDGET, 60_480, 7)).toBe(100_000);
    expect(pointsFor(BUDGET, 7 * 60_480, 1)).toBe(500_000 - 7 * 60_480);
  });

  it('leave the least to those who come after', () => {
    expect(pointsFor(BUDGET, 430_000, 3)).toBe(70_000 - 2 * LEAST_POINTS);
  });

  it('are never fewer than the least', () => {
    expect(pointsFor(BUDGET, 500_000, 2)).toBe(LEAST_POINTS);
    expect(pointsFor({ ofOne: 9_000, ofAll: 23_000 }, 9_000, 7)).toBe(LEAST_POINTS);
  });
});

describe('a track that is there already', () => {
  const fixes = [{ at_s: 0 }, { at_s: 10 }, { at_s: 20 }];
  const thinned = makeTrack(fixes, { more: { fixes: 60, tolerance_m: 4 } });

  it('does when it is whole and fits', () => {
    expect(isAsGoodWith(makeTrack(fixes), 3)).toBe(true);
    expect(isAsGoodWith(makeTrack(fixes), 2)).toBe(false);
  });

  it('does when it is thinned and there is no room for all of it', () => {
    expect(isAsGoodWith(thinned, 59)).toBe(true);
    expect(isAsGoodWith(thinned, 60)).toBe(false);
  });
});
