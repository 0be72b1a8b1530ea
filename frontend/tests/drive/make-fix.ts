/** Makes fixes for tests; a test names only what it is about. */
import type { DriveFix } from '../../src/drive/fix.ts';

const START_MS = 1_795_000_000_000;

/** `eastM` from the first place. */
export function makeFix({
  atS = 0,
  eastM = 0,
  ...fields
}: Partial<DriveFix> & { atS?: number; eastM?: number } = {}): DriveFix {
  return {
    fix_time: START_MS + atS * 1000,
    lat: 0,
    lon: eastM / 111_195,
    speed_mps: null,
    course_deg: null,
    accuracy_m: 5,
    ...fields,
  };
}
