import { describe, expect, it } from 'vitest';
import { RecentValues } from '../../src/lab/quantiles.ts';

function recent(most: number, values: readonly number[]): RecentValues {
  const kept = new RecentValues(most);
  for (const value of values) kept.add(value);
  return kept;
}

describe('RecentValues', () => {
  it('has no quantile of nothing', () => {
    expect(recent(10, []).quantile(0.5)).toBeNull();
  });

  it('finds quantiles whatever the order', () => {
    const hundred = recent(
      100,
      Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1),
    );
    expect([0, 0.5, 0.99, 1].map((q) => hundred.quantile(q))).toEqual([1, 50, 99, 100]);
  });

  it('forgets the oldest', () => {
    expect(recent(3, [900, 1, 2, 3]).quantile(1)).toBe(3);
  });
});
