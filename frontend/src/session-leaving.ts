/** How the session comes to a connection and goes from it. */
import { unanswered } from './asking.ts';
import { retryDelayMs } from './backoff.ts';
import { detach } from './channel.ts';
import { type Bye, FIRST_FATAL_CODE } from './protocol.ts';
import { joinAll } from './session-channels.ts';
import {
  cancel,
  type Effect,
  type Ending,
  type SessionState,
  type Step,
  send,
  set,
  type TimerName,
  WINDOW_FRAMES,
} from './session-state.ts';

/** How long a connection may take until its welcome; the last rung of the ladder starts after 9 s. */
const PATIENCE_MS = 15_000;
/** Not authenticated, forbidden, access withdrawn. */
const NO_RIGHT_CODES = [4500, 4501, 4505];

export function connect(state: SessionState): Step {
  return [
    { ...state, phase: 'connecting', end: null },
    [cancel('retry'), { do: 'open' }, set('patience', PATIENCE_MS)],
  ];
}

/** Joins need not wait for the welcome. */
export function introduce(state: SessionState): Step {
  const [next, joins] = joinAll({ ...state, phase: 'greeting' }, () => true);
  return [next, [send({ type: 'hello', window: WINDOW_FRAMES }), ...joins]];
}

interface Leaving extends Ending {
  readonly retryMs: number;
  readonly resume: boolean;
  readonly isFatal: boolean;
}

export function leaveConnection(state: SessionState, leaving: Leaving, chance: () => number): Step {
  const dropped = dropConnection(state, leaving.resume && !leaving.isFatal);
  if (leaving.isFatal) {
    const end = { code: leaving.code, reason: leaving.reason };
    return [{ ...dropped, phase: 'ended', end }, [...hangUp(state), ...forgetUnseeable(state, end)]];
  }
  const delayMs = leaving.retryMs + retryDelayMs(state.attempt, chance());
  return [
    { ...dropped, phase: 'waiting', attempt: state.attempt + 1 },
    [...hangUp(state), set('retry', delayMs)],
  ];
}

/** Who may not see the positions any more shall not go on seeing the last ones. */
function forgetUnseeable(state: SessionState, end: Ending): Effect[] {
  if (!NO_RIGHT_CODES.includes(end.code)) return [];
  return [...state.channels.keys()].map((channel) => ({ do: 'forget', channel }));
}

export function breakOff(state: SessionState, reason: string, chance: () => number): Step {
  return leaveConnection(state, { code: 0, reason, retryMs: 0, resume: true, isFatal: false }, chance);
}

export function dropConnection(state: SessionState, keepCursors: boolean): SessionState {
  const channels = new Map(
    [...state.channels].map(([name, channel]) => [name, detach(channel, keepCursors)]),
  );
  const acks = { newestSeq: 0, ackedSeq: 0, unacked: 0, unackedRows: 0 };
  return { ...state, ...acks, channels, renewing: null, asked: new Map() };
}

export function hangUp(state: SessionState): Effect[] {
  const timers: TimerName[] = ['patience', 'silence', 'health', 'ack', 'retry', 'rejoin', 'renew'];
  const isConnected = state.phase === 'connecting' || state.phase === 'greeting' || state.phase === 'live';
  return [...(isConnected ? [{ do: 'close' } as const] : []), ...timers.map(cancel), ...unanswered(state)];
}

export function nudge(state: SessionState, silentMs: number): Step {
  if (state.phase === 'waiting') return connect({ ...state, attempt: 0 });
  if (state.phase !== 'live' || silentMs <= state.silenceMs) return [state, []];
  // The machine slept: nobody will say that this connection is dead.
  const [next, effects] = connect(dropConnection(state, true));
  return [next, [...hangUp(state), ...effects]];
}

export function leavingAfter(bye: Bye): Leaving {
  return {
    code: bye.code,
    reason: bye.reason,
    retryMs: bye.retry_ms ?? 0,
    resume: bye.resume,
    isFatal: isFatal(bye.code) || bye.retry_ms === null,
  };
}

export function isFatal(code: number): boolean {
  return code >= FIRST_FATAL_CODE && code < 5000;
}
