/** Whether a vehicle's driver is off duty: nothing is taken of it then, so its last fix says nothing of now. Pure. */
import type { VehicleInfo } from './protocol.ts';

export function isOffDuty(info: VehicleInfo): boolean {
  return info.off_duty_since !== undefined;
}
