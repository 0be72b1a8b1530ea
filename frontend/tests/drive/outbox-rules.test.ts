import { describe, expect, it } from 'vitest';
import { gapBefore, thinnedTimes } from '../../src/drive/outbox-rules.ts';

describe('a full outbox', () => {
  it('gives up every other fix of the older half', () => {
    expect(thinnedTimes([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([1, 3]);
  });

  it('keeps the first, and all of the newer half', () => {
    const times = Array.from({ length: 1001 }, (_, index) => index);
    const given = thinnedTimes(times);
    expect(given.length).toBe(250);
    expect(Math.min(...given)).toBe(1);
    expect(Math.max(...given)).toBeLessThan(500);
  });

  it('has nothing to give where there is nothing', () => {
    expect(thinnedTimes([])).toEqual([]);
  });
});

describe('a gap', () => {
  it('is more than two and a half minutes without a fix', () => {
    expect(gapBefore(0, 150_000)).toBeNull();
    expect(gapBefore(0, 150_001)).toEqual({ fromMs: 0, toMs: 150_001 });
  });

  it('is none before the first', () => {
    expect(gapBefore(null, 1e12)).toBeNull();
  });
});
