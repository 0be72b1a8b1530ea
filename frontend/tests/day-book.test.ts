import { describe, expect, it } from 'vitest';
import { DayBook, readDays, secondsOf, stretchesOf } from '../src/day-book.ts';
import { dayLineText } from '../src/panels/day-line.ts';

const DAY = '2026-11-26';
const FROM = '2026-11-26T00:00:00.000Z';
const FROM_MS = Date.parse(FROM);
const MINUTE_MS = 60_000;

function answer(strips: Record<string, string>) {
  return readDays({ from: FROM, slot_s: 600, strips });
}

describe('the book of days', () => {
  it('asks for those in sight once, and again when they are old', () => {
    const book = new DayBook();
    expect(book.wanted(['a', 'b'], DAY, 0)).toEqual(['a', 'b']);
    expect(book.wanted(['b', 'c'], DAY, 1000)).toEqual(['c']);
    expect(book.wanted(['a', 'b', 'c'], DAY, 5 * MINUTE_MS)).toEqual(['a', 'b']);
  });

  it('asks for as many as the server takes', () => {
    const many = Array.from({ length: 130 }, (_, i) => `bus-${i}`);
    const book = new DayBook();
    expect([book.wanted(many, DAY, 0).length, book.wanted(many, DAY, 0).length]).toEqual([100, 30]);
  });

  it('forgets another day, also one that comes late', () => {
    const book = new DayBook();
    book.wanted(['a'], DAY, 0);
    book.put(DAY, answer({ a: 'm' }));
    expect(book.wanted(['a'], '2026-11-27', 1000)).toEqual(['a']);
    book.put(DAY, answer({ a: 's' }));
    expect(book.of('a')).toBeNull();
  });

  it('keeps the same strip while nothing changes', () => {
    const book = new DayBook();
    book.wanted(['a'], DAY, 0);
    book.put(DAY, answer({ a: 'm-' }));
    const before = book.of('a');
    book.put(DAY, answer({ a: 'm-' }));
    expect(book.of('a')).toBe(before);
  });

  it.each([null, {}, { from: FROM, slot_s: 600 }, { from: 1, slot_s: 600, strips: {} }])(
    'takes no %j',
    (value) => {
      expect(() => readDays(value)).toThrow();
    },
  );
});

describe('a strip', () => {
  const strip = { slots: '-mms', slotS: 600, fromMs: FROM_MS };

  it('is stretches of one letter', () => {
    expect(stretchesOf(strip)).toEqual([
      { letter: '-', from: 0, to: 0.25 },
      { letter: 'm', from: 0.25, to: 0.75 },
      { letter: 's', from: 0.75, to: 1 },
    ]);
  });

  it('counts as far as the day has come', () => {
    expect(Object.fromEntries(secondsOf(strip, FROM_MS + 25 * MINUTE_MS))).toEqual({ '-': 600, m: 900 });
  });

  it('has words', () => {
    expect(dayLineText(strip, FROM_MS + 40 * MINUTE_MS)).toBe(
      'Day so far: moving 20 min, at rest 10 min, no data 10 min',
    );
  });
});
