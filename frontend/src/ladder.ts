/**
 * Which way to the server to take, as a state machine: an event in, the next state and what to do out. No clock, no network.
 *
 *   resting ─begin→ racing ─delivered→ settled ─winner closed, WebSocket works again→ resting
 *                      └──all closed, dropped──────────────────────────────────────────┘
 *
 * A race starts on the highest rung and adds the next one whenever time is up; the first that delivers wins.
 */
import { FIRST_FATAL_CODE } from './protocol.ts';
import type { TransportName } from './transports/transport.ts';

export type LadderTimer = 'late' | 'upgrade';

export interface LadderState {
  readonly phase: 'resting' | 'racing' | 'settled';
  /** Opened and not closed, in the order of their start; once settled, the winner and perhaps a WebSocket on trial. */
  readonly running: readonly TransportName[];
  readonly untried: readonly TransportName[];
  readonly winner: TransportName | null;
  readonly remembered: Remembered | null;
  /** Whether a WebSocket has delivered here before. */
  readonly isProven: boolean;
  /** WebSockets in a row that ended before they delivered. */
  readonly misses: number;
}

export interface Remembered {
  readonly name: TransportName;
  readonly leftMs: number;
}

export type LadderEvent =
  | { readonly type: 'begin'; readonly remembered: Remembered | null }
  /** Its welcome and its first frame are here. */
  | { readonly type: 'delivered'; readonly name: TransportName }
  | {
      readonly type: 'closed';
      readonly name: TransportName;
      readonly code: number;
      readonly reason: string;
    }
  | { readonly type: 'elapsed'; readonly timer: LadderTimer }
  /** Nobody wants it any more. */
  | { readonly type: 'dropped' };

export type LadderEffect =
  | { readonly do: 'open'; readonly name: TransportName }
  | { readonly do: 'close'; readonly name: TransportName }
  | { readonly do: 'set'; readonly timer: LadderTimer; readonly delayMs: number }
  | { readonly do: 'cancel'; readonly timer: LadderTimer }
  | { readonly do: 'win'; readonly name: TransportName }
  | { readonly do: 'remember'; readonly name: TransportName }
  | { readonly do: 'forget' }
  | { readonly do: 'end'; readonly code: number; readonly reason: string };

export type LadderStep = readonly [LadderState, readonly LadderEffect[]];

export const RUNGS: readonly TransportName[] = ['websocket', 'sse', 'longpoll', 'poll'];
export const REMEMBER_MS = 600_000;
/** How long a rung has the race to itself. */
export const LATE_AFTER_MS = 3000;
/** A proven WebSocket that fails so often in a row gets company. */
const MISSES = 2;
/** The way back up is free: come again with cursors. */
const UPGRADE_CODE = 1000;

export const FOOT: LadderState = {
  phase: 'resting',
  running: [],
  untried: [],
  winner: null,
  remembered: null,
  isProven: false,
  misses: 0,
};

export function climb(state: LadderState, event: LadderEvent): LadderStep {
  switch (event.type) {
    case 'begin':
      return begin(state, event.remembered);
    case 'delivered':
      return state.phase === 'racing' ? settle(state, event.name) : upgrade(state);
    case 'closed':
      return state.phase === 'racing' ? loseRung(state, event) : loseSettled(state, event);
    case 'elapsed':
      if (event.timer === 'upgrade') return tryWebSocket(state);
      return state.phase === 'racing' ? openNext(state) : giveUpTrial(state);
    case 'dropped':
      return drop(state);
  }
}

// The race -----------------------------------------------------------------------------------------------------------

function begin(state: LadderState, remembered: Remembered | null): LadderStep {
  const from = remembered === null ? 0 : RUNGS.indexOf(remembered.name);
  const isTrusted = remembered === null && state.isProven && state.misses < MISSES;
  const untried = isTrusted ? RUNGS.slice(0, 1) : RUNGS.slice(from);
  return openNext({ ...state, phase: 'racing', untried, remembered });
}

function openNext(state: LadderState): LadderStep {
  const [name, ...untried] = state.untried;
  if (name === undefined) return [state, []];
  const next = { ...state, running: [...state.running, name], untried };
  const effects: LadderEffect[] = [{ do: 'open', name }];
  return [next, untried.length === 0 ? effects : [...effects, set('late', LATE_AFTER_MS)]];
}

function settle(state: LadderState, name: TransportName): LadderStep {
  const closing = state.running.filter((other) => other !== name).map(close);
  const isTop = name === RUNGS[0];
  const next: LadderState = {
    ...state,
    phase: 'settled',
    running: [name],
    untried: [],
    winner: name,
    isProven: state.isProven || isTop,
    misses: isTop ? 0 : state.misses,
  };
  const effects: LadderEffect[] = [...closing, cancel('late'), { do: 'win', name }];
  if (isTop) return [next, effects];
  if (name === state.remembered?.name) return [next, [...effects, set('upgrade', state.remembered.leftMs)]];
  return [next, [...effects, { do: 'remember', name }, set('upgrade', REMEMBER_MS)]];
}

interface Closed {
  readonly name: TransportName;
  readonly code: number;
  readonly reason: string;
}

function loseRung(state: LadderState, { name, code, reason }: Closed): LadderStep {
  const running = state.running.filter((other) => other !== name);
  const next = { ...state, running, misses: state.misses + Number(name === RUNGS[0]) };
  const isFatal = code >= FIRST_FATAL_CODE && code < 5000;
  if (!isFatal && running.length > 0) return [next, []];
  if (!isFatal && state.untried.length > 0) return openNext(next);
  return rest(next, [{ do: 'forget' }, { do: 'end', code, reason }]);
}

function drop(state: LadderState): LadderStep {
  if (state.phase !== 'racing') return rest(state, []);
  const missed = Number(state.running.includes('websocket'));
  return rest({ ...state, misses: state.misses + missed }, [{ do: 'forget' }]);
}

function rest(state: LadderState, effects: readonly LadderEffect[]): LadderStep {
  return [
    { ...state, phase: 'resting', running: [], untried: [], winner: null },
    [...state.running.map(close), cancel('late'), cancel('upgrade'), ...effects],
  ];
}

// The way back up ----------------------------------------------------------------------------------------------------

function loseSettled(state: LadderState, { name, code, reason }: Closed): LadderStep {
  const next = { ...state, running: state.running.filter((other) => other !== name) };
  if (name === state.winner) return rest(next, [{ do: 'end', code, reason }]);
  return giveUpTrial(next);
}

function tryWebSocket(state: LadderState): LadderStep {
  const running = [...state.running, 'websocket' as const];
  return [{ ...state, running }, [{ do: 'open', name: 'websocket' }, set('late', LATE_AFTER_MS)]];
}

function giveUpTrial(state: LadderState): LadderStep {
  const { winner } = state;
  if (winner === null) return [state, []];
  const closing = state.running.filter((other) => other !== winner).map(close);
  return [
    { ...state, running: [winner] },
    [...closing, cancel('late'), { do: 'remember', name: winner }, set('upgrade', REMEMBER_MS)],
  ];
}

/** The numbers of another connection's frames mean nothing here, so the session begins again, and finds the WebSocket first. */
function upgrade(state: LadderState): LadderStep {
  const reason = 'A WebSocket gets through again.';
  return rest({ ...state, isProven: true, misses: 0 }, [
    { do: 'forget' },
    { do: 'end', code: UPGRADE_CODE, reason },
  ]);
}

// Small tools --------------------------------------------------------------------------------------------------------

function close(name: TransportName): LadderEffect {
  return { do: 'close', name };
}

function set(timer: LadderTimer, delayMs: number): LadderEffect {
  return { do: 'set', timer, delayMs };
}

function cancel(timer: LadderTimer): LadderEffect {
  return { do: 'cancel', timer };
}
