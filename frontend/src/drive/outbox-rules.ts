/** What waits on the phone: how much of it, and what goes first. Pure. */

/** Three days of driving without network, at a fix each 5 s; about 8 MB. */
export const MOST_FIXES = 50_000;
/** About 20 kB, which a bad network carries before it breaks again. */
export const BATCH_FIXES = 200;
/** Without a fix for longer while recording, something was not recorded: at rest there is one a minute. */
const GAP_MS = 150_000;

/**
 * What to give up when the outbox is full: of the older half every other fix. So the whole way stays known, the further back the more
 * coarsely, and room is made for a day.
 *
 * `times` in their order.
 */
export function thinnedTimes(times: readonly number[]): number[] {
  const older = times.slice(0, Math.floor(times.length / 2));
  return older.filter((_, index) => index % 2 === 1);
}

/** A time during which nothing was recorded though it should have been. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** `lastMs`: of the fix before, null when recording has just begun. */
export function gapBefore(lastMs: number | null, nextMs: number): Gap | null {
  return lastMs !== null && nextMs - lastMs > GAP_MS ? { fromMs: lastMs, toMs: nextMs } : null;
}
