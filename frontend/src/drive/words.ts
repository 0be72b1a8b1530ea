/** The driver's page in words. Pure. */
import { ageText, minuteText } from '../format.ts';
import { reasonText } from '../refusals/reasons.ts';
import { counted, type Marked, mark, numberText, t } from '../texts.ts';
import type { TransportName } from '../transports/transport.ts';
import type { Gap } from './outbox-rules.ts';

export type Way = TransportName | 'http';
export type Locating = 'searching' | 'found' | 'denied' | 'missing';

export interface DriveState {
  readonly isStarted: boolean;
  readonly offSinceMs: number | null;
  /** The switch was not told yet. */
  readonly isSwitchUntold: boolean;
  readonly waiting: number;
  readonly oldestMs: number | null;
  readonly last: { readonly timeMs: number; readonly accuracyM: number | null } | null;
  readonly locating: Locating;
  /** By which the last fixes went; null: none went yet. */
  readonly way: Way | null;
  /** Since when nothing gets through; null: all is well. */
  readonly failingSinceMs: number | null;
  /** What the server said about it. */
  readonly reason: string;
  readonly isUnpaired: boolean;
  readonly refused: { readonly count: number; readonly reason: string } | null;
  readonly thinned: number;
  readonly gap: Gap | null;
  /** Why the phone could not keep a fix; empty: it could. */
  readonly keepingProblem: string;
  /** False: the phone may fall asleep, and then nothing is recorded. */
  readonly isAwake: boolean;
}

export type Tone = 'good' | 'wait' | 'bad' | 'rest';

export interface Headline {
  readonly text: string;
  readonly note: string;
  readonly tone: Tone;
}

export interface Line {
  readonly name: string;
  readonly text: string;
  readonly tone: Tone;
}

const WAYS: Readonly<Record<Way, Marked>> = {
  websocket: mark('WebSocket'),
  sse: mark('SSE'),
  longpoll: mark('long polling'),
  poll: mark('polling'),
  http: mark('HTTP'),
};
/** At rest there is a fix a minute. */
const SILENT_MS = 90_000;
/** So many are on their way at any moment. */
const A_FEW = 3;

export function headline(state: DriveState, nowMs: number): Headline {
  if (state.isUnpaired)
    return {
      text: t('Not accepted'),
      note: t('This phone was unpaired. What waits is kept: pair it again.'),
      tone: 'bad',
    };
  if (state.offSinceMs !== null)
    return {
      text: t('Off duty'),
      note: t('since {time}; nothing is recorded', { time: minuteText(state.offSinceMs) }),
      tone: 'rest',
    };
  if (!state.isStarted) return { text: t('Stopped'), note: remainder(state), tone: 'rest' };
  if (state.locating === 'denied')
    return {
      text: t('No permission'),
      note: t('Allow this page to know the position, in the browser.'),
      tone: 'bad',
    };
  if (isSilent(state, nowMs)) return { text: t('No position'), note: silence(state), tone: 'wait' };
  if (state.failingSinceMs !== null)
    return {
      text: t('No network'),
      note: t('since {time}; all is kept here', { time: minuteText(state.failingSinceMs) }),
      tone: 'wait',
    };
  return {
    text: t('Sending'),
    note: state.isAwake ? sendingNote(state) : t('Keep the screen on.'),
    tone: 'good',
  };
}

export function lines(state: DriveState, nowMs: number): readonly Line[] {
  return [
    {
      name: t('Waiting'),
      text: waitingText(state),
      tone: state.waiting > 0 && state.failingSinceMs !== null ? 'wait' : 'good',
    },
    { name: t('Last fix'), text: lastText(state, nowMs), tone: isSilent(state, nowMs) ? 'wait' : 'good' },
    { name: t('Connection'), text: wayText(state), tone: state.failingSinceMs === null ? 'good' : 'wait' },
    ...troubles(state),
  ];
}

/** What was lost or not taken is said as long as the page knows it. */
function troubles(state: DriveState): Line[] {
  const found: Line[] = [];
  const { gap, refused, thinned, keepingProblem } = state;
  if (keepingProblem !== '') found.push({ name: t('Not kept'), text: keepingProblem, tone: 'bad' });
  if (gap !== null)
    found.push({
      name: t('Not recorded'),
      text: t('{from} to {to}', { from: minuteText(gap.fromMs), to: minuteText(gap.toMs) }),
      tone: 'wait',
    });
  if (refused !== null)
    found.push({
      name: t('Refused'),
      text: `${counted('{count} fix', '{count} fixes', refused.count)}: ${reasonText(refused.reason)}`,
      tone: 'bad',
    });
  if (thinned > 0)
    found.push({
      name: t('Thinned out'),
      text: counted('{count} old fix: the phone was full', '{count} old fixes: the phone was full', thinned),
      tone: 'bad',
    });
  return found;
}

function isSilent({ isStarted, offSinceMs, last, locating }: DriveState, nowMs: number): boolean {
  if (!isStarted || offSinceMs !== null) return false;
  return locating !== 'found' || last === null || nowMs - last.timeMs > SILENT_MS;
}

function silence({ last, locating }: DriveState): string {
  if (locating === 'missing') return t('The receiver finds none; a sky above it helps.');
  if (last === null) return t('Looking for it…');
  return t('Looking for it… The last one is of {time}.', { time: minuteText(last.timeMs) });
}

function sendingNote({ waiting, oldestMs }: DriveState): string {
  if (waiting <= A_FEW) return t('Your dispatcher sees where you are.');
  return oldestMs === null ? '' : t('Catching up since {time}.', { time: minuteText(oldestMs) });
}

function remainder({ waiting }: DriveState): string {
  const nothing = t('Nothing is recorded.');
  if (waiting === 0) return nothing;
  return `${nothing} ${counted('{count} fix left to send.', '{count} fixes left to send.', waiting)}`;
}

function waitingText({ waiting, oldestMs }: DriveState): string {
  if (waiting === 0) return t('none');
  if (oldestMs === null) return numberText(waiting);
  return t('{count}, since {time}', { count: waiting, time: minuteText(oldestMs) });
}

function lastText({ last }: DriveState, nowMs: number): string {
  if (last === null) return t('none yet');
  const accuracy = last.accuracyM === null ? '' : `, ±${Math.max(1, Math.round(last.accuracyM))} m`;
  return t('{age} ago', { age: ageText(nowMs - last.timeMs) }) + accuracy;
}

function wayText({ way, failingSinceMs, reason }: DriveState): string {
  if (failingSinceMs !== null) return reason || t('none since {time}', { time: minuteText(failingSinceMs) });
  return way === null ? t('not tried yet') : t(WAYS[way]);
}
