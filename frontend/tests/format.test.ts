import { describe, expect, it } from 'vitest';
import { ageText, behindText, courseText, positionText, sortKey, speedText } from '../src/format.ts';

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
