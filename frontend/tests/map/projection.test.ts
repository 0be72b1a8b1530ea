import { describe, expect, it } from 'vitest';
import {
  latOf,
  lonOf,
  metresPerUnit,
  nearestCopy,
  unitX,
  unitY,
  worldPx,
  zoomOfWorld,
} from '../../src/map/projection.ts';

describe('projection', () => {
  it('puts the map corners on the unit square', () => {
    expect(unitX(-180)).toBe(0);
    expect(unitX(180)).toBe(1);
    expect(unitY(0)).toBeCloseTo(0.5, 12);
    expect(unitY(85.0511287798)).toBeCloseTo(0, 9);
    expect(unitY(90)).toBe(unitY(85.0511287798));
  });

  it('finds its way back', () => {
    for (const [lat, lon] of [
      [57.7, 11.96],
      [-33.9, 151.2],
      [0, -180],
    ] as const) {
      expect(latOf(unitY(lat))).toBeCloseTo(lat, 9);
      expect(lonOf(unitX(lon))).toBeCloseTo(lon, 9);
    }
  });

  it('agrees with the formula of the OpenStreetMap wiki', () => {
    for (const lat of [-80, -1, 12.5, 57.7]) {
      const wiki = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
      expect(unitY(lat)).toBeCloseTo(wiki, 12);
    }
    expect(worldPx(10)).toBe(256 * 1024);
  });

  it('knows how far out the whole world is in view', () => {
    expect([0, 390, 512, 1_600].map(zoomOfWorld)).toEqual([0, 0, 1, 2]);
  });

  it('shrinks metres with the latitude', () => {
    expect(metresPerUnit(0.5)).toBeCloseTo(40_075_016.686, 3);
    expect(metresPerUnit(unitY(60))).toBeCloseTo(40_075_016.686 / 2, 0);
  });

  it('crosses the date line the short way', () => {
    expect(nearestCopy(0.01, 0.99)).toBeCloseTo(1.01);
    expect(nearestCopy(0.99, 0.01)).toBeCloseTo(-0.01);
    expect(nearestCopy(0.4, 0.6)).toBeCloseTo(0.4);
  });
});
