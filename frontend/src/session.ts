/**
 * The connection as a state machine: an event in, the next state and what to do out. No socket, no timer, no clock, no chance.
 *
 *   idle ─start→ connecting ─opened→ greeting ─welcome→ live
 *                    ↑  └──────closed, patience──┴─silence, bye < 4500─→ waiting
 *                    └──────────────retry, nudge───────────────────────────┘
 *   connecting, greeting, live ─bye or closed ≥ 4500→ ended ─start→ connecting;  any but idle ─stop→ idle
 */
import { answered, ask } from './asking.ts';
import { confirm, pass, receive } from './channel.ts';
import type { Failure, FleetEvent, Frame, Kick, Ok, Reading, ServerMessage, Welcome } from './protocol.ts';
import { renew, renewed, renewIn } from './renewal.ts';
import { join, joinAll, joinedBy, lose, mapChannel, put, unwatch, watch } from './session-channels.ts';
import {
  breakOff,
  connect,
  dropConnection,
  hangUp,
  introduce,
  isFatal,
  leaveConnection,
  leavingAfter,
  nudge,
} from './session-leaving.ts';
import {
  cancel,
  type Effect,
  type Phase,
  RefusedMove,
  type SessionEvent,
  type SessionState,
  type Step,
  send,
  set,
  type TimerName,
  WINDOW_FRAMES,
} from './session-state.ts';

const HEALTHY_AFTER_MS = 10_000;
/** The server speaks at least every heartbeat; half as long again allows for the network. */
const SILENCE_PER_HEARTBEAT = 1.5;
/** A message a second costs the server little… */
const ACK_EVERY_MS = 1_000;
/** …and half of what may be unacknowledged leaves time for the ack to arrive. */
const ACK_AT_FRAMES = WINDOW_FRAMES / 2;
/** …as it is of the 256 KiB that may be: a row with its vehicle's name takes some 200 bytes. */
const ACK_AT_ROWS = 500;
const KICK_REASONS: Readonly<Record<string, string>> = {
  forbidden: 'You may not watch this any more.',
  unknown_channel: 'This does not exist any more.',
};
const PASSING_ERRORS = ['rate', 'busy'];

const MOVES: Readonly<Record<Phase, ReadonlySet<SessionEvent['type'] | TimerName>>> = {
  idle: new Set(['start', 'watch', 'unwatch', 'ask', 'nudge'] as const),
  connecting: new Set(['stop', 'watch', 'unwatch', 'ask', 'nudge', 'opened', 'closed', 'patience'] as const),
  greeting: new Set(['stop', 'watch', 'unwatch', 'ask', 'nudge', 'read', 'closed', 'patience'] as const),
  live: new Set([
    'stop',
    'watch',
    'unwatch',
    'ask',
    'nudge',
    'read',
    'closed',
    'silence',
    'health',
    'ack',
    'rejoin',
    'renew',
  ] as const),
  waiting: new Set(['stop', 'watch', 'unwatch', 'ask', 'nudge', 'retry'] as const),
  ended: new Set(['start', 'stop', 'watch', 'unwatch', 'ask', 'nudge'] as const),
};

/** `chance` gives numbers in [0, 1). Throws RefusedMove. */
export function step(state: SessionState, event: SessionEvent, chance: () => number): Step {
  if (!MOVES[state.phase].has(event.type === 'elapsed' ? event.timer : event.type)) {
    throw new RefusedMove(state.phase, event);
  }
  switch (event.type) {
    case 'start':
      return connect({ ...state, attempt: 0 });
    case 'stop':
      return [{ ...dropConnection(state, true), phase: 'idle', end: null }, hangUp(state)];
    case 'watch':
      return watch(state, event.channel);
    case 'unwatch':
      return unwatch(state, event.channel);
    case 'ask':
      return ask(state, event.ticket, event.question);
    case 'opened':
      return introduce(state);
    case 'read':
      return read(state, event.reading, chance);
    case 'closed':
      return leaveConnection(
        state,
        { ...event, retryMs: 0, resume: true, isFatal: isFatal(event.code) },
        chance,
      );
    case 'elapsed':
      return elapse(state, event.timer, chance);
    case 'nudge':
      return nudge(state, event.silentMs);
  }
}

function elapse(state: SessionState, timer: TimerName, chance: () => number): Step {
  switch (timer) {
    case 'retry':
      return connect(state);
    case 'patience':
      return breakOff(state, 'no welcome', chance);
    case 'silence':
      return breakOff(state, 'silence', chance);
    case 'health':
      return [{ ...state, attempt: 0 }, []];
    case 'ack':
      return state.newestSeq > state.ackedSeq ? sendAck(state) : [state, []];
    case 'renew':
      return renew(state);
    case 'rejoin':
      return joinAll(state, (channel) => channel.joining === null && channel.seq === 0);
  }
}

// Messages -----------------------------------------------------------------------------------------------------------

function read(state: SessionState, reading: Reading, chance: () => number): Step {
  if (reading.kind === 'broken') return breakOff(state, 'broken message', chance);
  const [next, effects] =
    reading.kind === 'strange' ? ([state, []] as const) : readMessage(state, reading.message, chance);
  if (next.phase !== 'live') return [next, effects];
  return [next, [...effects, set('silence', next.silenceMs)]];
}

function readMessage(state: SessionState, message: ServerMessage, chance: () => number): Step {
  switch (message.type) {
    case 'bye':
      return leaveConnection(state, leavingAfter(message), chance);
    case 'welcome':
      return state.phase === 'greeting'
        ? greet(state, message)
        : [state, [...renewIn(state, message.expires_in_s), ...regionsOf(message)]];
    case 'snapshot':
    case 'delta':
      return readFrame(state, message);
    case 'event':
      return readEvent(state, message);
    case 'presence':
    case 'ops':
      return [state, state.channels.has(message.channel) ? [{ do: 'note', note: message }] : []];
    case 'regions':
      return [state, [{ do: 'note', note: message }]];
    case 'kick':
      return readKick(state, message);
    case 'heartbeat':
      return [
        state,
        [{ do: 'beat', serverTimeMs: message.server_time, isBusStale: message.bus === 'stale' }],
      ];
    case 'error':
      return answered(state, message) ?? readFailure(state, message);
    case 'ok':
      return answered(state, message) ?? readOk(state, message);
  }
}

function greet(state: SessionState, welcome: Welcome): Step {
  const silenceMs = welcome.heartbeat_s * 1000 * SILENCE_PER_HEARTBEAT;
  return [
    { ...state, phase: 'live', silenceMs },
    [
      cancel('patience'),
      set('health', HEALTHY_AFTER_MS),
      { do: 'greet', welcome },
      ...regionsOf(welcome),
      ...renewIn(state, welcome.expires_in_s),
    ],
  ];
}

function regionsOf({ regions: mark }: Welcome): readonly Effect[] {
  return mark === undefined ? [] : [{ do: 'note', note: { type: 'regions', mark } }];
}

function readFrame(state: SessionState, frame: Frame): Step {
  const channel = state.channels.get(frame.channel);
  if (channel === undefined) return noteFrame(state, frame);
  const verdict = receive(channel, frame);
  const noted = put(state, frame.channel, verdict.channel);
  if (verdict.action === 'lost') return join(noted, frame.channel, verdict.channel);
  const [next, acks] = noteFrame(noted, frame);
  return [next, verdict.action === 'apply' ? [{ do: 'apply', frame }, ...acks] : acks];
}

function readEvent(state: SessionState, event: FleetEvent): Step {
  const channel = state.channels.get(event.channel);
  if (channel === undefined) return [state, []];
  return [put(state, event.channel, pass(channel, event)), [{ do: 'tell', event }]];
}

/** Frames of a channel just left, or superseded by a join, count as read: the server's window is over all frames. */
function noteFrame(state: SessionState, { seq, rows }: Frame): Step {
  const next = {
    ...state,
    newestSeq: Math.max(seq, state.newestSeq),
    unacked: state.unacked + 1,
    unackedRows: state.unackedRows + rows.length,
  };
  if (next.unacked >= ACK_AT_FRAMES || next.unackedRows >= ACK_AT_ROWS) return sendAck(next);
  return next.unacked === 1 ? [next, [set('ack', ACK_EVERY_MS)]] : [next, []];
}

function sendAck(state: SessionState): Step {
  return [
    { ...state, ackedSeq: state.newestSeq, unacked: 0, unackedRows: 0 },
    [send({ type: 'ack', seq: state.newestSeq }), cancel('ack')],
  ];
}

function readOk(state: SessionState, ok: Ok): Step {
  return ok.id === state.renewing ? renewed(state, ok) : [mapChannel(state, ok.id, confirm), []];
}

function readFailure(state: SessionState, failure: Failure): Step {
  if (failure.id !== null && failure.id === state.renewing) return [{ ...state, renewing: null }, []];
  const name = joinedBy(state, failure.id) ?? failure.channel ?? null;
  const refuse: Effect = { do: 'refuse', channel: name, code: failure.code, reason: failure.reason };
  if (name === null) return [state, [refuse]];
  const retryAfterS = failure.retry_after_s ?? (PASSING_ERRORS.includes(failure.code) ? 1 : null);
  if (retryAfterS !== null) {
    return [mapChannel(state, failure.id, confirm), [refuse, set('rejoin', retryAfterS * 1000)]];
  }
  return lose(state, name, refuse);
}

function readKick(state: SessionState, { channel, code }: Kick): Step {
  if (!state.channels.has(channel)) return [state, []];
  return lose(state, channel, { do: 'refuse', channel, code, reason: KICK_REASONS[code] ?? code });
}
