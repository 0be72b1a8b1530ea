/** Plays by time: where the cursor is after so much of the reader's time. Pure. */

/** Seconds of the past in one of the present. */
export const SPEEDS: readonly number[] = [1, 5, 10, 30, 60, 120, 300];
export const DEFAULT_SPEED = 30;
/** A tab that slept does not jump. */
const LONGEST_STEP_MS = 250;

export type Span = readonly [fromMs: number, toMs: number];

export interface Step {
  readonly atMs: number;
  readonly speed: number;
  /** Since the last step, by the reader's clock. */
  readonly elapsedMs: number;
  /** Jumped over; in order, apart from each other. */
  readonly skipped: readonly Span[];
  readonly endMs: number;
}

/** The new time; the end is where playing ends. */
export function stepped({ atMs, speed, elapsedMs, skipped, endMs }: Step): number {
  const nextMs = atMs + Math.min(elapsedMs, LONGEST_STEP_MS) * speed;
  const within = skipped.find(([fromMs, toMs]) => fromMs <= nextMs && nextMs < toMs);
  return Math.min(within?.[1] ?? nextMs, endMs);
}

/** Spans in order and apart from each other. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const apart: [number, number][] = [];
  for (const [fromMs, toMs] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = apart.at(-1);
    if (last !== undefined && fromMs <= last[1]) last[1] = Math.max(last[1], toMs);
    else apart.push([fromMs, toMs]);
  }
  return apart;
}

/** The next one up or down; at the ends the same. */
export function nextSpeed(speed: number, step: 1 | -1): number {
  const index = SPEEDS.indexOf(speed) + step;
  return SPEEDS[Math.min(Math.max(index, 0), SPEEDS.length - 1)] ?? DEFAULT_SPEED;
}
