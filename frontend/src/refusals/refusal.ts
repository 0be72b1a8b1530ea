/** Refused fixes of one device, for one vehicle and reason, as `/api/v1/refusals` tells them. */
import { isNumber, isRecord, isText, isTextOrNull } from '../guards.ts';

export interface Refusal {
  readonly device: string;
  /** Its slug; null: nobody knows what the device named. */
  readonly vehicle: string | null;
  readonly vehicle_name: string | null;
  /** How the device called the vehicle; perhaps empty. */
  readonly named: string;
  readonly reason: string;
  readonly count: number;
  readonly first_time: string;
  readonly last_time: string;
  /** Of the last one, as is `detail`; null when it could not be read. */
  readonly fix_time: string | null;
  readonly detail: string;
}

export function isRefusal(value: unknown): value is Refusal {
  return (
    isRecord(value) &&
    [value.device, value.named, value.reason, value.first_time, value.last_time, value.detail].every(
      isText,
    ) &&
    [value.vehicle, value.vehicle_name, value.fix_time].every(isTextOrNull) &&
    isNumber(value.count)
  );
}
