/** Speeds in a few classes, so that a trail can be read without counting. Pure. */

/** Where one class ends and the next begins: 10, 30, 50 and 80 km/h. */
export const CLASS_LIMITS_MPS: readonly number[] = [10, 30, 50, 80].map((kmh) => kmh / 3.6);
export const SPEED_CLASSES = CLASS_LIMITS_MPS.length + 1;

export function speedClass(speedMps: number): number {
  return CLASS_LIMITS_MPS.filter((limit) => speedMps >= limit).length;
}
