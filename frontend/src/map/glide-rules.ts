/** How a vehicle goes from where it is drawn to its newest fix: how long, or at once. */
import { metresPerUnit, type UnitPoint } from './projection.ts';

/** Fixes that arrive closer together than this are one movement. */
const MIN_GLIDE_MS = 200;
/** Longer would show too old a place; the vehicle then rests at its newest fix until the next one. */
const MAX_GLIDE_MS = 4_000;
/** After so long without a fix nobody knows the way in between. */
const LONGEST_GAP_MS = 60_000;
/** 360 km/h: faster is a jump of the receiver, not a drive. */
const FASTEST_MPS = 100;
/** Noise of a receiver may look fast over a short interval; below this it glides all the same. */
const SMALL_JUMP_M = 60;
/** Weight of the newest interval: evens out batches that arrive a little early or late. */
const NEWEST_WEIGHT = 0.3;

export interface Step {
  /** Where the vehicle is drawn now. */
  from: UnitPoint;
  to: UnitPoint;
  /** Between the two newest fixes, by their own clock. */
  fixGapMs: number;
}

export function isJump({ from, to, fixGapMs }: Step): boolean {
  if (fixGapMs > LONGEST_GAP_MS) return true;
  const distanceM = Math.hypot(to.x - from.x, to.y - from.y) * metresPerUnit(to.y);
  return isTooFar(distanceM, fixGapMs / 1_000);
}

/** For any vehicle in so short a time. */
export function isTooFar(distanceM: number, span_s: number): boolean {
  return distanceM > Math.max(SMALL_JUMP_M, FASTEST_MPS * Math.max(span_s, 1));
}

/** The interval between updates of one vehicle, smoothed; 0 before the second update. */
export function smoothedIntervalMs(knownMs: number, measuredMs: number): number {
  const bounded = Math.min(Math.max(measuredMs, MIN_GLIDE_MS), MAX_GLIDE_MS);
  return knownMs === 0 ? bounded : knownMs + (bounded - knownMs) * NEWEST_WEIGHT;
}
