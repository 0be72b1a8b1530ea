/** When the list may be put in a new order: at once when asked, seldom by itself, so that rows do not jump. Pure. */

export interface ArrangeFacts {
  readonly nowMs: number;
  readonly arrangedAtMs: number;
  /** Search, status chips or order changed. */
  readonly isAsked: boolean;
  /** Vehicles came, went or were renamed. */
  readonly hasNewMembers: boolean;
  /** Someone points at the list or has the focus in it. */
  readonly isHeld: boolean;
}

const MEMBERS_EVERY_MS = 1000;
const STATUS_EVERY_MS = 3000;

export function isTimeToArrange(facts: ArrangeFacts): boolean {
  if (facts.isAsked) return true;
  const sinceMs = facts.nowMs - facts.arrangedAtMs;
  if (facts.hasNewMembers) return sinceMs >= MEMBERS_EVERY_MS;
  return !facts.isHeld && sinceMs >= STATUS_EVERY_MS;
}
