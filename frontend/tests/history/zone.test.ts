import { describe, expect, it } from 'vitest';
import {
  addDays,
  dayOf,
  daysOf,
  instantOf,
  instantOfWall,
  isDay,
  wallTextOf,
} from '../../src/history/zone.ts';

const STOCKHOLM = 'Europe/Stockholm';

describe('days of a zone', () => {
  it.each([
    ['2026-01-15', 0, '2026-01-14T23:00:00Z'],
    ['2026-07-15', 0, '2026-07-14T22:00:00Z'],
    // Clocks go forward at 2, and back at 3.
    ['2026-03-29', 0, '2026-03-28T23:00:00Z'],
    ['2026-03-29', 12, '2026-03-29T10:00:00Z'],
    ['2026-10-25', 0, '2026-10-24T22:00:00Z'],
    ['2026-10-25', 12, '2026-10-25T11:00:00Z'],
  ])('%s at %i hours begins where the clocks there say so', (day, hour, instant) => {
    expect(instantOf(day, hour, STOCKHOLM)).toBe(Date.parse(instant));
  });

  it.each(['2026-01-15T08:07', '2026-07-15T23:59', '2026-10-25T12:01'])(
    'what its clocks show is read back: %s',
    (wall) => {
      expect(wallTextOf(instantOfWall(wall, STOCKHOLM) ?? 0, STOCKHOLM)).toBe(wall);
      expect(instantOfWall(wall.replace('T', 'T9'), STOCKHOLM)).toBeNull();
    },
  );

  it('knows in which day an instant lies', () => {
    expect(dayOf(Date.parse('2026-01-14T22:59:59Z'), STOCKHOLM)).toBe('2026-01-14');
    expect(dayOf(Date.parse('2026-01-14T23:00:00Z'), STOCKHOLM)).toBe('2026-01-15');
    expect(dayOf(Date.parse('2026-01-14T23:00:00Z'), 'America/Los_Angeles')).toBe('2026-01-14');
  });

  it('a day in which the clocks change is an hour shorter or longer', () => {
    const hours = (day: string) =>
      (instantOf(addDays(day, 1), 0, STOCKHOLM) - instantOf(day, 0, STOCKHOLM)) / 3_600_000;
    expect([hours('2026-03-29'), hours('2026-03-30'), hours('2026-10-25')]).toEqual([23, 24, 25]);
  });

  it('counts over months and years', () => {
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(daysOf('2025-12-31', '2026-01-02')).toEqual(['2025-12-31', '2026-01-01', '2026-01-02']);
  });

  it.each(['', '2026-1-1', '2026-02-30', 'today', '2026-01-01T00:00'])('%o is no day', (text) => {
    expect(isDay(text)).toBe(false);
  });
});
