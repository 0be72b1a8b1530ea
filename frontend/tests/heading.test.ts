import { describe, expect, it } from 'vitest';
import { bearingDeg } from '../src/heading.ts';

const HOME = { lat: 57.7, lon: 11.97 };

describe('bearing', () => {
  it.each([
    [0.001, 0, 0],
    [0, 0.002, 90],
    [-0.001, 0, 180],
    [0, -0.002, 270],
    [0.001, 0.001 / Math.cos((57.701 * Math.PI) / 180), 45],
  ])('of %d north and %d east is %d', (north, east, deg) => {
    expect(bearingDeg(HOME, { lat: HOME.lat + north, lon: HOME.lon + east })).toBeCloseTo(deg, 3);
  });

  it('is unknown for a short way', () => {
    expect(bearingDeg(HOME, { lat: HOME.lat + 0.0001, lon: HOME.lon })).toBeNull();
  });
});
