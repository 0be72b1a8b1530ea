/** The driver's page in words. Pure. */
import { ageText, minuteText } from '../format.ts';
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
  readonly refused: { readonly count: number; readonly detail: string } | null;
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

const WAYS: Readonly<Record<Way, string>> = {
  websocket: 'WebSocket',
  sse: 'SSE',
  longpoll: 'long polling',
  poll: 'polling',
  http: 'HTTP',
};
/** At rest there is a fix a minute. */
const SILENT_MS = 90_000;
/** So many are on their way at any moment. */
const A_FEW = 3;

export function headline(state: DriveState, nowMs: number): Headline {
  if (state.isUnpaired)
    return {
      text: 'Not accepted',
      note: 'This phone was unpaired. What waits is kept: pair it again.',
      tone: 'bad',
    };
  if (state.offSinceMs !== null)
    return {
      text: 'Off duty',
      note: `since ${minuteText(state.offSinceMs)}; nothing is recorded`,
      tone: 'rest',
    };
  if (!state.isStarted) return { text: 'Stopped', note: remainder(state), tone: 'rest' };
  if (state.locating === 'denied')
    return {
      text: 'No permission',
      note: 'Allow this page to know the position, in the browser.',
      tone: 'bad',
    };
  if (isSilent(state, nowMs)) return { text: 'No position', note: silence(state), tone: 'wait' };
  if (state.failingSinceMs !== null)
    return {
      text: 'No network',
      note: `since ${minuteText(state.failingSinceMs)}; all is kept here`,
      tone: 'wait',
    };
  return { text: 'Sending', note: state.isAwake ? sendingNote(state) : 'Keep the screen on.', tone: 'good' };
}

export function lines(state: DriveState, nowMs: number): readonly Line[] {
  return [
    {
      name: 'Waiting',
      text: waitingText(state),
      tone: state.waiting > 0 && state.failingSinceMs !== null ? 'wait' : 'good',
    },
    { name: 'Last fix', text: lastText(state, nowMs), tone: isSilent(state, nowMs) ? 'wait' : 'good' },
    { name: 'Connection', text: wayText(state), tone: state.failingSinceMs === null ? 'good' : 'wait' },
    ...troubles(state),
  ];
}

/** What was lost or not taken is said as long as the page knows it. */
function troubles(state: DriveState): Line[] {
  const found: Line[] = [];
  const { gap, refused, thinned, keepingProblem } = state;
  if (keepingProblem !== '') found.push({ name: 'Not kept', text: keepingProblem, tone: 'bad' });
  if (gap !== null)
    found.push({
      name: 'Not recorded',
      text: `${minuteText(gap.fromMs)} to ${minuteText(gap.toMs)}`,
      tone: 'wait',
    });
  if (refused !== null)
    found.push({
      name: 'Refused',
      text: `${countOf(refused.count, 'fix', 'fixes')}: ${refused.detail}`,
      tone: 'bad',
    });
  if (thinned > 0)
    found.push({
      name: 'Thinned out',
      text: `${countOf(thinned, 'old fix', 'old fixes')}: the phone was full`,
      tone: 'bad',
    });
  return found;
}

function isSilent({ isStarted, offSinceMs, last, locating }: DriveState, nowMs: number): boolean {
  if (!isStarted || offSinceMs !== null) return false;
  return locating !== 'found' || last === null || nowMs - last.timeMs > SILENT_MS;
}

function silence({ last, locating }: DriveState): string {
  if (locating === 'missing') return 'The receiver finds none; a sky above it helps.';
  return last === null ? 'Looking for it…' : `Looking for it… The last one is of ${minuteText(last.timeMs)}.`;
}

function sendingNote({ waiting, oldestMs }: DriveState): string {
  if (waiting <= A_FEW) return 'Your dispatcher sees where you are.';
  return oldestMs === null ? '' : `Catching up since ${minuteText(oldestMs)}.`;
}

function remainder({ waiting }: DriveState): string {
  return waiting === 0
    ? 'Nothing is recorded.'
    : `Nothing is recorded. ${countOf(waiting, 'fix', 'fixes')} left to send.`;
}

function waitingText({ waiting, oldestMs }: DriveState): string {
  if (waiting === 0) return 'none';
  return oldestMs === null ? String(waiting) : `${waiting.toLocaleString()}, since ${minuteText(oldestMs)}`;
}

function lastText({ last }: DriveState, nowMs: number): string {
  if (last === null) return 'none yet';
  const accuracy = last.accuracyM === null ? '' : `, ±${Math.max(1, Math.round(last.accuracyM))} m`;
  return `${ageText(nowMs - last.timeMs)} ago${accuracy}`;
}

function wayText({ way, failingSinceMs, reason }: DriveState): string {
  if (failingSinceMs !== null) return reason || `none since ${minuteText(failingSinceMs)}`;
  return way === null ? 'not tried yet' : WAYS[way];
}

function countOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
