/** Which of the fixes that the phone measures, about one a second, are worth keeping. Pure. */
import { type DriveFix, distanceM } from './fix.ts';

/** No denser than this, whatever happens. */
const LEAST_MS = 1_000;
/** In motion a fix at least so often… */
const MOVING_MS = 5_000;
/** …or so far, which is sooner above 70 km/h… */
const FAR_M = 100;
/** …or when the way turns by so much. */
const TURN_DEG = 20;
/** At rest it is enough to say that the phone lives. */
const RESTING_MS = 60_000;
/** Slower than a person walks is rest. */
const RESTING_MPS = 1;
/** Without a speed, what is nearer than the receiver can tell, or than this, is rest. */
const JITTER_M = 15;
/** A fix from an antenna's cell rather than from satellites draws zigzags: only when there has been nothing better for a minute. */
const POOR_M = 100;

/** `last`: the one kept before; null for the first. */
export function isWorthKeeping(last: DriveFix | null, next: DriveFix): boolean {
  if (last === null) return true;
  const elapsedMs = next.fix_time - last.fix_time;
  if (elapsedMs <= -RESTING_MS) return true; // the phone's clock was set back, and will not come by here again for long
  if (elapsedMs < LEAST_MS) return false;
  if (elapsedMs >= RESTING_MS) return true;
  if ((next.accuracy_m ?? 0) > POOR_M) return false;
  const movedM = distanceM(last, next);
  const isMoving = isInMotion(next, movedM);
  if (isMoving !== isInMotion(last, movedM)) return true;
  return isMoving && (elapsedMs >= MOVING_MS || movedM >= FAR_M || turnedDeg(last, next) >= TURN_DEG);
}

function isInMotion({ speed_mps, accuracy_m }: DriveFix, movedM: number): boolean {
  return speed_mps === null ? movedM > Math.max(JITTER_M, accuracy_m ?? 0) : speed_mps >= RESTING_MPS;
}

function turnedDeg(last: DriveFix, next: DriveFix): number {
  if (last.course_deg === null || next.course_deg === null) return 0;
  const deg = Math.abs(next.course_deg - last.course_deg) % 360;
  return Math.min(deg, 360 - deg);
}
