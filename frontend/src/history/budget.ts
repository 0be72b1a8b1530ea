/** How many points each of several vehicles may have, so that all of them together are drawn quickly. Pure. */
import type { Track } from './track.ts';

/** Every vehicle gets as many, whatever the others have. */
export const LEAST_POINTS = 2_000;

export interface Budget {
  readonly ofOne: number;
  /** Of all on the page. */
  readonly ofAll: number;
}

/** For the next one, when so many points are taken and so many vehicles wait, itself among them. */
export function pointsFor({ ofOne, ofAll }: Budget, taken: number, waiting: number): number {
  const left = ofAll - taken - LEAST_POINTS * (waiting - 1);
  return Math.min(ofOne, Math.max(LEAST_POINTS, left));
}

/** Whether a track is no longer than that, and would not be whole if it were asked for again. */
export function isAsGoodWith({ times, fixes, toleranceM }: Track, points: number): boolean {
  return times.length <= points && (toleranceM === null || fixes > points);
}
