import { describe, expect, it } from 'vitest';
import { Picture } from '../../src/lab/picture.ts';
import { makeDelta, makeRow, makeSnapshot } from '../helpers.ts';

describe('Picture', () => {
  it('takes the first sight of a snapshot for old news', () => {
    expect(new Picture().apply(makeSnapshot({ rows: [makeRow(1, 500)] }), 9000)).toEqual([]);
  });

  it('says how old a fix was when it came, and the one that it replaced', () => {
    const picture = new Picture();
    picture.apply(makeSnapshot({ rows: [makeRow(1, 1000)] }), 1200);
    const updates = picture.apply(makeDelta({ rows: [makeRow(1, 2000)] }), 2300);
    expect(updates).toEqual([{ arrivalAgeMs: 300, replacedAgeMs: 1300 }]);
  });

  it('counts a repeat once', () => {
    const picture = new Picture();
    const delta = makeDelta({ rows: [makeRow(1, 2000)] });
    expect(picture.apply(delta, 2100)).toEqual([{ arrivalAgeMs: 100, replacedAgeMs: null }]);
    expect(picture.apply(delta, 2200)).toEqual([]);
  });

  it('finds the news in a snapshot that comes later', () => {
    const picture = new Picture();
    picture.apply(makeSnapshot({ rows: [makeRow(1, 1000), makeRow(2, 1000)] }), 1000);
    const again = makeSnapshot({ rows: [makeRow(1, 1000), makeRow(2, 4000)] });
    expect(picture.apply(again, 4100)).toEqual([{ arrivalAgeMs: 100, replacedAgeMs: 3100 }]);
  });

  it('says a fix from a clock ahead is not old at all', () => {
    const [update] = new Picture().apply(makeDelta({ rows: [makeRow(1, 5000)] }), 4900);
    expect(update?.arrivalAgeMs).toBe(0);
  });

  it('is as old as the vehicle in the middle, of those that are on their way', () => {
    const picture = new Picture();
    expect(picture.medianAgeMs(0)).toBeNull();
    const rows = [makeRow(1, 99_000), makeRow(2, 98_000), makeRow(3, 97_000), makeRow(4, 0)];
    picture.apply(makeSnapshot({ rows }), 100_000);
    expect(picture.medianAgeMs(100_000)).toBe(2000);
    picture.apply(makeDelta({ gone: [2, 3] }), 100_000);
    expect(picture.medianAgeMs(100_000)).toBe(1000);
  });
});
