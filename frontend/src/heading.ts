/** Where a vehicle goes: as reported, else by the way it made. Pure. */
import type { Point } from './bounds.ts';

/** Shorter ways are as likely the receiver's noise. */
const LEAST_WAY_M = 15;
const METRES_PER_DEGREE = 111_195;

/** Degrees clockwise from north; null when the way is too short to tell. On a flat earth, as the two are near each other. */
export function bearingDeg(from: Point, to: Point): number | null {
  const northM = (to.lat - from.lat) * METRES_PER_DEGREE;
  const eastM = (to.lon - from.lon) * METRES_PER_DEGREE * Math.cos((to.lat * Math.PI) / 180);
  if (Math.hypot(northM, eastM) < LEAST_WAY_M) return null;
  return ((Math.atan2(eastM, northM) * 180) / Math.PI + 360) % 360;
}
