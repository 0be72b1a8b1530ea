/** The replay as a state machine: live, paused or playing; where in which span, how fast. Pure. */
import { DEFAULT_SPEED, nextSpeed, SPEEDS, type Span, stepped } from '../history/player.ts';

export type Mode = 'live' | 'paused' | 'playing';

export interface ReplayState {
  readonly mode: Mode;
  readonly atMs: number;
  readonly window: Span;
  /** The chosen day; null: the last 24 hours. */
  readonly day: string | null;
  readonly speed: number;
  readonly isSkipping: boolean;
}

export type Act =
  | { readonly kind: 'open'; readonly window: Span; readonly day: string | null; readonly atMs: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'seek'; readonly atMs: number }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'pass'; readonly elapsedMs: number; readonly skipped: readonly Span[] }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'faster' | 'slower' }
  | { readonly kind: 'skip' };

export const LIVE: ReplayState = {
  mode: 'live',
  atMs: 0,
  window: [0, 0],
  day: null,
  speed: DEFAULT_SPEED,
  isSkipping: false,
};

/** What an act makes of a state; one that has no sense in it leaves it as it is. */
export function acted(state: ReplayState, act: Act): ReplayState {
  if (act.kind === 'open') return opened(state, act);
  if (state.mode === 'live') return state;
  switch (act.kind) {
    case 'close':
      return { ...state, mode: 'live' };
    case 'seek':
      return { ...state, atMs: within(state.window, act.atMs) };
    case 'toggle':
      return toggled(state);
    case 'pass':
      return state.mode === 'playing' ? passed(state, act.elapsedMs, act.skipped) : state;
    case 'speed':
      return SPEEDS.includes(act.speed) ? { ...state, speed: act.speed } : state;
    case 'faster':
      return { ...state, speed: nextSpeed(state.speed, 1) };
    case 'slower':
      return { ...state, speed: nextSpeed(state.speed, -1) };
    case 'skip':
      return { ...state, isSkipping: !state.isSkipping };
  }
}

/** From live, or to another day. */
function opened(state: ReplayState, act: Extract<Act, { kind: 'open' }>): ReplayState {
  const { window, day } = act;
  return { ...state, mode: 'paused', window, day, atMs: within(window, act.atMs) };
}

/** At the end it begins anew. */
function toggled(state: ReplayState): ReplayState {
  if (state.mode === 'playing') return { ...state, mode: 'paused' };
  const [fromMs, toMs] = state.window;
  return { ...state, mode: 'playing', atMs: state.atMs >= toMs ? fromMs : state.atMs };
}

function passed(state: ReplayState, elapsedMs: number, quiet: readonly Span[]): ReplayState {
  const { atMs, speed, isSkipping, window } = state;
  const skipped = isSkipping ? quiet : [];
  const nextMs = stepped({ atMs, speed, elapsedMs, skipped, endMs: window[1] });
  return { ...state, atMs: nextMs, mode: nextMs >= window[1] ? 'paused' : 'playing' };
}

function within([fromMs, toMs]: Span, timeMs: number): number {
  return Math.min(Math.max(Math.round(timeMs), fromMs), toMs);
}
