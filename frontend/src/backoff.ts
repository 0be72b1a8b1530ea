/** Full jitter: a delay between 0 and a bound that doubles, so that a thousand tabs do not come back together. */

const FIRST_BOUND_MS = 500;
const LAST_BOUND_MS = 30_000;

/** `attempt` counts from 0; `chance` is in [0, 1). */
export function retryDelayMs(attempt: number, chance: number): number {
  return chance * Math.min(LAST_BOUND_MS, FIRST_BOUND_MS * 2 ** attempt);
}
