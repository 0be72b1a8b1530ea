/** Whose this phone is: what pairing gave, and what becomes of waiting fixes when it is paired anew. Pure. */
import { isRecord, isText } from '../guards.ts';

export interface Pairing {
  readonly token: string;
  /** What the device is called. */
  readonly label: string;
  /** Slug. */
  readonly vehicle: string;
  readonly name: string;
  readonly plate: string;
}

export function isPairing(value: unknown): value is Pairing {
  return isRecord(value) && [value.token, value.label, value.vehicle, value.name, value.plate].every(isText);
}

/** Fixes of one vehicle must not be sent as another's. */
export function keepsOutbox(before: Pairing | null, after: Pairing): boolean {
  return before === null || before.vehicle === after.vehicle;
}
