import { expect, it } from 'vitest';
import { retryDelayMs } from '../src/backoff.ts';

it('doubles the bound from half a second to 30 s', () => {
  const bounds = [0, 1, 2, 5, 6, 7, 99].map((attempt) => retryDelayMs(attempt, 1));
  expect(bounds).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000, 30_000]);
});

it('spreads over the whole span', () => {
  expect(retryDelayMs(3, 0)).toBe(0);
  expect(retryDelayMs(3, 0.5)).toBe(2000);
});
