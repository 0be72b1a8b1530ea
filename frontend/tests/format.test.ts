import { afterEach, describe, expect, it } from 'vitest';
import {
  ageText,
  behindText,
  clockText,
  courseText,
  dayText,
  distanceText,
  momentText,
  positionText,
  setFormats,
  shortDayText,
  sortKey,
  speedText,
} from '../src/format.ts';
import { parsePreferences } from '../src/preferences.ts';

describe('ageText', () => {
  it.each([
    [-5000, '0 s'],
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [86_399_999, '23 h'],
    [86_400_000, '1 d'],
  ])('says %d ms as %s', (ageMs, text) => {
    expect(ageText(ageMs)).toBe(text);
  });
});

it.each([
  [null, '–'],
  [0, '0 km/h'],
  [13.9, '50 km/h'],
])('says a speed of %s m/s as %s', (speedMps, text) => {
  expect(speedText(speedMps)).toBe(text);
});

it.each([
  [null, '–'],
  [0, 'N 0°'],
  [359.7, 'N 0°'],
  [90, 'E 90°'],
  [-45, 'NW 315°'],
  [202.5, 'SW 203°'],
])('says a course of %s° as %s', (courseDeg, text) => {
  expect(courseText(courseDeg)).toBe(text);
});

it('says how far behind with a tenth only while it matters', () => {
  expect([340, 9940, 12_340, 125_000].map(behindText)).toEqual(['0.3 s', '9.9 s', '12 s', '2 min']);
});

it('says a position to about a metre', () => {
  expect(positionText(-33.8567844, 151.2152967)).toBe('-33.85678, 151.21530');
});

it('orders names as people count', () => {
  const names = ['bus 10', 'Bus 2', 'Bus 1b', 'Ambulance'];
  expect(names.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))).toEqual([
    'Ambulance',
    'Bus 1b',
    'Bus 2',
    'bus 10',
  ]);
});

describe('for another reader', () => {
  const noon = Date.UTC(2026, 0, 31, 23, 30, 5);

  afterEach(() => setFormats(parsePreferences(null), 'UTC'));

  it.each([
    ['kmh', '50 km/h', ['840 m', '1.52 km', '34.1 km', '250 km']],
    ['mph', '31 mph', ['0.52 mi', '0.94 mi', '21.2 mi', '155 mi']],
    ['kn', '27 kn', ['840 m', '0.82 nmi', '18.4 nmi', '135 nmi']],
  ])('speaks %s', (speed, text, distances) => {
    setFormats(parsePreferences(JSON.stringify({ speed })), 'UTC');
    expect(speedText(13.9)).toBe(text);
    expect([840, 1520, 34_100, 250_000].map(distanceText)).toEqual(distances);
  });

  it.each([
    [{ zone: 'utc', clock: '24' }, '23:30:05'],
    [{ zone: 'fleet', clock: '24' }, '00:30:05'],
    [{ zone: 'utc', clock: '12' }, '11:30:05 PM'],
  ])('reads the clock by %j', (chosen, text) => {
    setFormats(parsePreferences(JSON.stringify(chosen)), 'Europe/Stockholm');
    expect(clockText(noon)).toBe(text);
  });

  it('tells the day where the clock hangs', () => {
    setFormats(parsePreferences('{"zone": "fleet", "clock": "24"}'), 'Europe/Stockholm');
    expect(dayText(noon)).toContain('1');
    expect(momentText(noon, noon + 60_000)).toBe('00:30:05');
    expect(momentText(noon, noon - 3_600_000)).not.toBe('00:30:05');
  });

  it('names the year of a day that is not of this one', () => {
    setFormats(parsePreferences('{"zone": "utc", "clock": "24"}'), 'UTC');
    expect(shortDayText(noon, noon + 86_400_000)).toBe('Sat, Jan 31');
    expect(shortDayText(noon, Date.UTC(2027, 0, 1))).toBe('Sat, Jan 31, 2026');
    expect(dayText(noon)).toBe('Saturday, January 31, 2026');
  });

  it('takes the same weekday and date of another year for another day', () => {
    const then = Date.UTC(2015, 0, 31, 23, 30);
    expect(momentText(then, noon)).toContain('15');
  });
});

it.each([null, '', '[]', '{', '{"speed": "c"}'])('takes %j for no preference', (json) => {
  expect(parsePreferences(json)).toEqual({
    speed: 'kmh',
    clock: 'auto',
    zone: 'browser',
    toast: 'on',
    sound: 'off',
    notify: 'off',
  });
});
