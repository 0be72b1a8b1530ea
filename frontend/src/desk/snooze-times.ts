/** How long an alert may be snoozed from here. No clock. */

import { addDays, dayOf, instantOf } from '../history/zone.ts';
import { t } from '../texts.ts';

export interface SnoozeTime {
  readonly label: string;
  readonly untilMs: number;
}

const MINUTE_MS = 60_000;
/** When tomorrow begins for who looks at a map. */
const MORNING_HOUR = 6;

export function snoozeTimes(nowMs: number, zone: string): readonly SnoozeTime[] {
  return [
    { label: t('15 minutes'), untilMs: nowMs + 15 * MINUTE_MS },
    { label: t('1 hour'), untilMs: nowMs + 60 * MINUTE_MS },
    {
      label: t('until tomorrow, 6:00'),
      untilMs: instantOf(addDays(dayOf(nowMs, zone), 1), MORNING_HOUR, zone),
    },
  ];
}
