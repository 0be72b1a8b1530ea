/** Who was in alarm at a past moment: whose alert lasted then, and nobody had noted it yet. Pure. */
import { isRecord, isText, isTextOrNull } from '../guards.ts';
import type { Span } from '../history/player.ts';

export interface PastAlert {
  /** Null when it was deleted. */
  readonly vehicle: string | null;
  readonly start_time: string;
  readonly end_time: string | null;
  readonly acknowledged_time: string | null;
}

export class Alarms {
  readonly #spans = new Map<string, Span[]>();

  constructor(alerts: readonly PastAlert[]) {
    for (const { vehicle, start_time, end_time, acknowledged_time } of alerts) {
      if (vehicle === null) continue;
      const span = [Date.parse(start_time), Math.min(timeOf(end_time), timeOf(acknowledged_time))] as const;
      this.#spans.set(vehicle, [...(this.#spans.get(vehicle) ?? []), span]);
    }
  }

  has(vehicle: string, timeMs: number): boolean {
    return this.#spans.get(vehicle)?.some(([fromMs, toMs]) => fromMs <= timeMs && timeMs < toMs) ?? false;
  }
}

export function isPastAlert(value: unknown): value is PastAlert {
  return (
    isRecord(value) &&
    isText(value.start_time) &&
    [value.vehicle, value.end_time, value.acknowledged_time].every(isTextOrNull)
  );
}

function timeOf(text: string | null): number {
  return text === null ? Number.POSITIVE_INFINITY : Date.parse(text);
}
