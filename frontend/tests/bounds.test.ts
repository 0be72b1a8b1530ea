import { expect, it } from 'vitest';
import { boundsOf, isWithin } from '../src/bounds.ts';

it('surrounds every point', () => {
  const points = [
    { lat: 57, lon: 12 },
    { lat: 58, lon: 11 },
    { lat: -1, lon: 11.5 },
  ];
  expect(boundsOf(points)).toEqual({ west: 11, south: -1, east: 12, north: 58 });
});

it('gives a single point some room', () => {
  const bounds = boundsOf([{ lat: 57.7, lon: 180 }]);
  expect(bounds?.east).toBeCloseTo(180.005, 6);
  expect(bounds?.south).toBeCloseTo(57.695, 6);
});

it('is nothing around nothing', () => {
  expect(boundsOf([])).toBeNull();
});

it.each([
  [{ lat: 1, lon: 175 }, true],
  [{ lat: 1, lon: -175 }, true],
  [{ lat: 1, lon: 165 }, false],
  [{ lat: 3, lon: 175 }, false],
])('knows whether %j lies in a box over the date line', (point, isInside) => {
  expect(isWithin({ west: 170, south: 0, east: -170, north: 2 }, point)).toBe(isInside);
  expect(isWithin({ west: 170, south: 0, east: 190, north: 2 }, point)).toBe(isInside);
});
