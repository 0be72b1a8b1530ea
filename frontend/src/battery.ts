/** How full the battery of a vehicle's phone is, as the vehicle's REST answer tells it. */
import { isListOf, isNumber, isRecord, isText } from './guards.ts';
import { send } from './rest.ts';

export interface Battery {
  readonly percent: number;
  /** When the phone measured it. */
  readonly timeMs: number;
}

const LOW_PERCENT = 20;

export function isLow(battery: Battery): boolean {
  return battery.percent <= LOW_PERCENT;
}

/** Null when no device has told any, or the server does not answer. */
export async function loadBattery(slug: string): Promise<Battery | null> {
  const { value } = await send('GET', `/api/v1/vehicles/${slug}`, undefined);
  return batteryOf(value);
}

/** Of several devices the one that told it last counts. */
export function batteryOf(detail: unknown): Battery | null {
  if (!isRecord(detail) || !isListOf(detail.devices, isRecord)) return null;
  const told = detail.devices.flatMap(({ battery_percent: percent, battery_time: time }) =>
    isNumber(percent) && isText(time) ? { percent, timeMs: Date.parse(time) } : [],
  );
  return told.reduce<Battery | null>((a, b) => (a === null || b.timeMs > a.timeMs ? b : a), null);
}
