/** What a vehicle is doing: the numbers that the map draws, their names, and when age overrides the report. */
import type { DrawStatus } from './map/types.ts';
import type { WireStatus } from './protocol.ts';

export const UNKNOWN: DrawStatus = 0;
const STALE: DrawStatus = 4;
const OFFLINE: DrawStatus = 5;
export const ALARM: DrawStatus = 6;

export const STATUS_NAMES = ['unknown', 'moving', 'idle', 'stopped', 'stale', 'offline', 'alarm'] as const;
export type StatusName = (typeof STATUS_NAMES)[number];

/** What asks for attention comes first. */
export const ATTENTION: readonly DrawStatus[] = [6, 5, 4, 1, 2, 3, 0];

const FROM_WIRE: readonly DrawStatus[] = [UNKNOWN, 1, 2, 3, ALARM];

export interface AgeLimits {
  readonly staleAfterMs: number;
  readonly offlineAfterMs: number;
}

/** An alarm stays an alarm however old it is. */
export function statusAt(reported: WireStatus, ageMs: number, limits: AgeLimits): DrawStatus {
  const status = FROM_WIRE[reported ?? 0] ?? UNKNOWN;
  if (status === ALARM) return ALARM;
  if (ageMs >= limits.offlineAfterMs) return OFFLINE;
  return ageMs >= limits.staleAfterMs ? STALE : status;
}

export function statusName(status: DrawStatus): StatusName {
  return STATUS_NAMES[status];
}
