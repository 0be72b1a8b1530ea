/** What the card says of a driver's connection. Pure. */
import { ageText, minuteText } from '../format.ts';
import { t } from '../texts.ts';
import type { DriverPresence } from './people.ts';

/** Empty while nothing has been told; `nowMs` by the server's clock. */
export function presenceText({ state, names, timeMs }: DriverPresence, nowMs: number): string {
  const who = names.join(', ');
  switch (state) {
    case 'connected':
      if (timeMs === null) return t('connected · {who}', { who });
      return t('connected · {who} since {time}', { who, time: minuteText(timeMs) });
    case 'left':
      return timeMs === null ? t('not connected') : t('left {age} ago', { age: ageText(nowMs - timeMs) });
    case 'unknown':
      return '';
  }
}
