import { describe, expect, it } from 'vitest';
import type { TrailPoint } from '../../src/map/types.ts';
import { trailOf } from '../../src/trails/load-trail.ts';
import { speedClass } from '../../src/trails/speed-classes.ts';
import { TRAIL_MS, TrailBook } from '../../src/trails/trail-book.ts';

function makePoint(timeMs: number): TrailPoint {
  return { timeMs, lat: 57.7, lon: 11.96, speedMps: 10 };
}

function times(book: TrailBook, id: number): number[] | null | undefined {
  const points = book.takeChanges().get(id);
  return points?.map(({ timeMs }) => timeMs) ?? (points as null | undefined);
}

function makeBook(): TrailBook {
  const book = new TrailBook();
  book.keep(new Set([1]));
  return book;
}

describe('TrailBook', () => {
  it('goes on live where the archive ends, whichever comes first', () => {
    const book = makeBook();
    book.hear(1, makePoint(3_000));
    book.fill(1, [makePoint(1_000), makePoint(2_000), makePoint(3_000)]);
    book.hear(1, makePoint(4_000));
    expect(times(book, 1)).toEqual([1_000, 2_000, 3_000, 4_000]);
  });

  it('has a way once a vehicle was in two places', () => {
    const book = makeBook();
    book.fill(1, [makePoint(1_000), makePoint(2_000)]);
    expect(book.hasWay).toBe(false);
    book.hear(1, { ...makePoint(3_000), lat: 57.8 });
    expect(book.hasWay).toBe(true);
  });

  it('hears neither late fixes nor vehicles nobody asked for', () => {
    const book = makeBook();
    book.hear(1, makePoint(3_000));
    book.hear(1, makePoint(2_000));
    book.hear(2, makePoint(3_000));
    book.fill(2, [makePoint(1)]);
    expect(times(book, 1)).toEqual([3_000]);
    expect(times(book, 2)).toBeUndefined();
  });

  it('forgets what is older than ten minutes', () => {
    const book = makeBook();
    book.fill(1, [makePoint(0), makePoint(1)]);
    book.hear(1, makePoint(TRAIL_MS + 1));
    expect(times(book, 1)).toEqual([1, TRAIL_MS + 1]);
  });

  it('tells each change once, and who is no longer kept', () => {
    const book = makeBook();
    book.hear(1, makePoint(1));
    expect(times(book, 1)).toEqual([1]);
    expect(times(book, 1)).toBeUndefined();
    expect(book.keep(new Set([2]))).toEqual([2]);
    expect(times(book, 1)).toBeNull();
  });
});

it.each([
  [0, 0],
  [9.9 / 3.6, 0],
  [10 / 3.6, 1],
  [49 / 3.6, 2],
  [79 / 3.6, 3],
  [200 / 3.6, 4],
])('puts %d m/s into class %d', (speedMps, speed) => {
  expect(speedClass(speedMps)).toBe(speed);
});

it('reads a track and nothing else', () => {
  const row = ['2026-11-26T10:00:00.250Z', 57.7, 11.9, null, 90, 5];
  expect(trailOf({ rows: [row] })).toEqual([
    { timeMs: Date.UTC(2026, 10, 26, 10, 0, 0, 250), lat: 57.7, lon: 11.9, speedMps: null },
  ]);
  expect(() => trailOf({ rows: [['x']] })).toThrow();
  expect(() => trailOf({ detail: 'no' })).toThrow();
});
