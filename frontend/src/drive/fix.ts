/** A fix as the browser measures it and as the server takes it. Pure. */

/** Units and ranges as in docs/posting-fixes.md. */
export interface DriveFix {
  /** ms since 1970 UTC, whole. */
  readonly fix_time: number;
  readonly lat: number;
  readonly lon: number;
  readonly speed_mps: number | null;
  readonly course_deg: number | null;
  readonly accuracy_m: number | null;
}

/** What is read of a GeolocationPosition. */
export interface Position {
  readonly timestamp: number;
  readonly coords: {
    readonly latitude: number;
    readonly longitude: number;
    readonly accuracy: number;
    readonly speed: number | null;
    /** NaN at rest. */
    readonly heading: number | null;
  };
}

const MOST_MPS = 150;
const EARTH_M_PER_DEG = 111_195;

export function fixOf({ timestamp, coords }: Position): DriveFix {
  const speed = within(coords.speed, 0, MOST_MPS);
  return {
    fix_time: Math.round(timestamp),
    lat: coords.latitude,
    lon: coords.longitude,
    speed_mps: speed,
    course_deg: speed === 0 ? null : within(coords.heading, 0, 360),
    accuracy_m: within(coords.accuracy, 0, 100_000),
  };
}

/** Over a flat earth, which is right within a metre for the ways between two fixes. */
export function distanceM(a: DriveFix, b: DriveFix): number {
  const northM = (b.lat - a.lat) * EARTH_M_PER_DEG;
  const turnDeg = ((b.lon - a.lon + 540) % 360) - 180;
  return Math.hypot(northM, turnDeg * EARTH_M_PER_DEG * Math.cos((a.lat * Math.PI) / 180));
}

function within(value: number | null, low: number, high: number): number | null {
  return value !== null && value >= low && value <= high ? value : null;
}
