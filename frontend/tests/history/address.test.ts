import { describe, expect, it } from 'vitest';
import {
  boundedDays,
  formatHistoryAddress,
  historyHref,
  momentOf,
  parseHistoryAddress,
} from '../../src/history/address.ts';

const TODAY = '2026-11-26';

describe('the address of the history page', () => {
  it('says vehicle, range, cursor, speed and view', () => {
    const query =
      '?vehicle=van&from=2026-11-20&to=2026-11-22&t=2026-11-21T10:12:33Z&speed=120&skip=yes&follow=yes&at=13/57.70000/11.96000';
    const address = parseHistoryAddress(query, TODAY);
    expect(address).toEqual({
      ...{
        vehicles: ['van'],
        vehicle: 'van',
        first: '2026-11-20',
        last: '2026-11-22',
        speed: 120,
        isSkipping: true,
        isFollowing: true,
      },
      cursorMs: Date.parse('2026-11-21T10:12:33Z'),
      view: { zoom: 13, lat: 57.7, lon: 11.96 },
    });
    expect(formatHistoryAddress(address)).toBe(query);
  });

  it('of one day is short', () => {
    const address = parseHistoryAddress('?vehicle=van&day=2026-11-20', TODAY);
    expect([address.first, address.last]).toEqual(['2026-11-20', '2026-11-20']);
    expect(formatHistoryAddress(address)).toBe('?vehicle=van&day=2026-11-20');
  });

  it.each(['', '?day=2026-02-30', '?from=2026-11-20&to=soon', '?speed=7&t=never&at=x'])(
    'wrong or silent it is a fresh page: %o',
    (query) => {
      expect(parseHistoryAddress(query, TODAY)).toEqual(parseHistoryAddress('', TODAY));
      expect(parseHistoryAddress(query, TODAY)).toMatchObject({
        first: TODAY,
        last: TODAY,
        speed: 30,
        cursorMs: null,
      });
    },
  );

  it('turns days that are the wrong way round, and keeps a month at most', () => {
    expect(boundedDays('2026-11-22', '2026-11-20')).toEqual(['2026-11-20', '2026-11-22']);
    expect(boundedDays('2026-01-01', '2026-11-20')).toEqual(['2026-10-21', '2026-11-20']);
  });
});

describe('the way to the history of a vehicle that is shown', () => {
  const zone = 'Europe/Stockholm';
  const nowMs = Date.parse('2026-11-26T09:30:00.400Z');
  const fixTimeMs = nowMs - 20_000;

  it('is the day of today, from its beginning', () => {
    expect(momentOf({ fixTimeMs, nowMs, isPast: false }, zone)).toEqual({ day: TODAY, cursorMs: null });
  });

  it('is the moment of the past that is shown', () => {
    const cursorMs = Date.parse('2026-11-26T09:30:00Z');
    expect(momentOf({ fixTimeMs, nowMs, isPast: true }, zone)).toEqual({ day: TODAY, cursorMs });
  });

  it('is its last fix, where that is of another day', () => {
    const lastMs = Date.parse('2016-11-24T23:30:00Z');
    const moment = { day: '2016-11-25', cursorMs: lastMs };
    expect(momentOf({ fixTimeMs: lastMs, nowMs, isPast: false }, zone)).toEqual(moment);
    expect(momentOf({ fixTimeMs: lastMs, nowMs, isPast: true }, zone)).toEqual(moment);
    expect(historyHref('x-2055', moment)).toBe(
      '/history?vehicle=x-2055&day=2016-11-25&t=2016-11-24T23:30:00Z',
    );
  });
});
