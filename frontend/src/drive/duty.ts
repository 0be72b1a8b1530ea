/** On or off duty, as the driver switches it here, and as the server knows it. Pure. */

export interface DutySwitch {
  readonly off_duty: boolean;
  /** ms since 1970 UTC by the clock of the fixes. */
  readonly timeMs: number;
}

export interface Duty {
  /** Null: on duty. */
  readonly offSinceMs: number | null;
  /** What the server has not been told yet, in order. */
  readonly untold: readonly DutySwitch[];
}

export const ON_DUTY: Duty = { offSinceMs: null, untold: [] };

/** `lastFixMs`: whatever was recorded before the switch belongs to duty, also when the receiver's clock is ahead. */
export function switched(duty: Duty, nowMs: number, lastFixMs: number | null): Duty {
  const isOff = duty.offSinceMs === null;
  const beforeMs = (isOff ? lastFixMs : duty.offSinceMs) ?? 0;
  const timeMs = Math.max(nowMs, beforeMs + 1);
  return { offSinceMs: isOff ? timeMs : null, untold: [...duty.untold, { off_duty: isOff, timeMs }] };
}

/** So many go into a request. */
const MOST_SWITCHES = 100;
/** The server knows duty of 30 days; a day is left for clocks and time zones. */
const FAR_BACK_MS = 29 * 86_400_000;

/**
 * What to tell the server now; what is too old for it counts from as far back as it knows. What is still to come was switched while
 * the phone's clock was ahead: the server would refuse it, and with it all that waits behind.
 */
export function tellable({ untold }: Duty, nowMs: number): readonly DutySwitch[] {
  const earliestMs = nowMs - FAR_BACK_MS;
  const first = untold.slice(0, MOST_SWITCHES);
  return first.map(({ off_duty, timeMs }, index) => {
    const latestMs = nowMs - (first.length - 1 - index);
    return { off_duty, timeMs: Math.max(Math.min(timeMs, latestMs), earliestMs) };
  });
}

/** The server has heard so many of them. */
export function heard(duty: Duty, count: number): Duty {
  return { ...duty, untold: duty.untold.slice(count) };
}

/** What the server says; the driver's own switches that it does not know count more. */
export function told(duty: Duty, offSinceMs: number | null): Duty {
  return duty.untold.length > 0 || duty.offSinceMs === offSinceMs ? duty : { offSinceMs, untold: [] };
}
