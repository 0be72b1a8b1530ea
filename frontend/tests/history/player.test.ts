import { describe, expect, it } from 'vitest';
import { merged, nextSpeed, stepped } from '../../src/history/player.ts';

const step = { atMs: 1_000, speed: 10, elapsedMs: 100, skipped: [], endMs: 1_000_000 };

describe('playing by time', () => {
  it('goes so many times as fast as it was', () => {
    expect(stepped(step)).toBe(2_000);
    expect(stepped({ ...step, speed: 300 })).toBe(31_000);
  });

  it('does not jump after a sleep', () => {
    expect(stepped({ ...step, elapsedMs: 60_000 })).toBe(1_000 + 250 * 10);
  });

  it('ends at the end', () => {
    expect(stepped({ ...step, endMs: 1_500 })).toBe(1_500);
  });

  it('skips what is to be skipped, to its end', () => {
    expect(stepped({ ...step, skipped: [[1_500, 9_000]] })).toBe(9_000);
    expect(stepped({ ...step, skipped: [[1_500, 9_000]], endMs: 8_000 })).toBe(8_000);
    expect(stepped({ ...step, atMs: 9_000, skipped: [[1_500, 9_000]] })).toBe(10_000);
  });

  it('joins spans that touch', () => {
    const spans = [
      [5, 8],
      [1, 3],
      [2, 4],
      [8, 9],
    ] as const;
    expect(merged(spans)).toEqual([
      [1, 4],
      [5, 9],
    ]);
  });

  it('has a fastest and a slowest speed', () => {
    expect([nextSpeed(30, 1), nextSpeed(30, -1), nextSpeed(300, 1), nextSpeed(1, -1)]).toEqual([
      60, 10, 300, 1,
    ]);
  });
});
