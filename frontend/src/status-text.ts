/** What a status is called by its reader. */
import { STATUS_NAMES, type StatusName } from './status.ts';
import { locale, type Marked, mark, t } from './texts.ts';

const WORDS: Readonly<Record<StatusName, Marked>> = {
  unknown: mark('unknown'),
  moving: mark('moving'),
  idle: mark('idle'),
  stopped: mark('stopped'),
  stale: mark('stale'),
  offline: mark('offline'),
  alarm: mark('alarm'),
};

export function statusText(status: StatusName | number): string {
  const name = typeof status === 'number' ? STATUS_NAMES[status] : status;
  return t(WORDS[name ?? 'unknown']);
}

/** As a heading. */
export function statusHeading(status: StatusName): string {
  const text = statusText(status);
  return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
}
