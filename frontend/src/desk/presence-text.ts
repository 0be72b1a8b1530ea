/** What the card says of a driver's connection. Pure. */
import { ageText, minuteText } from '../format.ts';
import type { DriverPresence } from './people.ts';

/** Empty while nothing has been told; `nowMs` by the server's clock. */
export function presenceText({ state, names, timeMs }: DriverPresence, nowMs: number): string {
  const who = names.join(', ');
  switch (state) {
    case 'connected':
      return [`connected · ${who}`, timeMs === null ? '' : `since ${minuteText(timeMs)}`]
        .filter(Boolean)
        .join(' ');
    case 'left':
      return timeMs === null ? 'not connected' : `left ${ageText(nowMs - timeMs)} ago`;
    case 'unknown':
      return '';
  }
}
