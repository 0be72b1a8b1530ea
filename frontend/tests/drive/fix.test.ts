import { describe, expect, it } from 'vitest';
import { distanceM, fixOf } from '../../src/drive/fix.ts';
import { makeFix } from './make-fix.ts';

const COORDS = { latitude: 57.7, longitude: 11.95, accuracy: 4.5, speed: 12.5, heading: 90 };

describe('a fix of the browser', () => {
  it('is what the server takes', () => {
    expect(fixOf({ timestamp: 1_795_000_000_000.4, coords: COORDS })).toEqual({
      fix_time: 1_795_000_000_000,
      lat: 57.7,
      lon: 11.95,
      speed_mps: 12.5,
      course_deg: 90,
      accuracy_m: 4.5,
    });
  });

  it.each([
    [{ speed: null, heading: null }, null, null],
    [{ speed: 0, heading: 0 }, 0, null],
    [{ speed: 3, heading: Number.NaN }, 3, null],
    [{ speed: -1, heading: -1 }, null, null],
    [{ speed: 200, heading: 361 }, null, null],
  ])('leaves out what the receiver does not know: %o', (change, speed, course) => {
    const { speed_mps, course_deg } = fixOf({ timestamp: 0, coords: { ...COORDS, ...change } });
    expect([speed_mps, course_deg]).toEqual([speed, course]);
  });

  it('knows how far it is', () => {
    expect(distanceM(makeFix(), makeFix({ eastM: 100 }))).toBeCloseTo(100, 1);
    expect(distanceM(makeFix({ lat: 60 }), makeFix({ lat: 60, eastM: 100 }))).toBeCloseTo(50, 1);
    expect(distanceM(makeFix({ lon: 179.9995 }), makeFix({ lon: -179.9995 }))).toBeCloseTo(111.2, 1);
  });
});
