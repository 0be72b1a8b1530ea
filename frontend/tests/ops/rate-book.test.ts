import { expect, it } from 'vitest';
import { RateBook } from '../../src/ops/rate-book.ts';
import { makeReport } from '../helpers.ts';

it('knows rates from the second report on, and keeps them when one is told twice', () => {
  const book = new RateBook();
  book.note([makeReport(10)]);
  expect(book.ratesOf('a1')).toBeNull();
  book.note([makeReport(12, { fixes_stored: 8 })]);
  book.note([makeReport(12, { fixes_stored: 8 })]);
  expect(book.ratesOf('a1')).toMatchObject({ fixes_per_s: 4 });
});

it('forgets a process that is gone', () => {
  const book = new RateBook();
  book.note([makeReport(10)]);
  book.note([makeReport(12)]);
  book.note([]);
  expect(book.ratesOf('a1')).toBeNull();
});
