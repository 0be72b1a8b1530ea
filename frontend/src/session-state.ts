/** What the session is, what may happen to it, and what it wants done. */
import type { Channel } from './channel.ts';
import type {
  Answer,
  ClientMessage,
  FleetEvent,
  Frame,
  Note,
  Question,
  Reading,
  Welcome,
} from './protocol.ts';

/** How many frames may be unacknowledged: a tick brings one of each of 32 channels. */
export const WINDOW_FRAMES = 32;

export type Phase = 'idle' | 'connecting' | 'greeting' | 'live' | 'waiting' | 'ended';
export type TimerName = 'patience' | 'silence' | 'health' | 'ack' | 'retry' | 'rejoin' | 'renew';

export interface SessionState {
  readonly phase: Phase;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly nextId: number;
  /** Failed tries since the last healthy connection. */
  readonly attempt: number;
  readonly silenceMs: number;
  readonly newestSeq: number;
  readonly ackedSeq: number;
  /** Frames since the last ack, and rows in them. */
  readonly unacked: number;
  readonly unackedRows: number;
  /** Whether it was opened with stream tokens, which end sooner than who uses them may. */
  readonly hasToken: boolean;
  /** The `auth` not answered yet. */
  readonly renewing: number | null;
  /** Questions of the page by the id of their message: whom to tell the answer. */
  readonly asked: ReadonlyMap<number, number>;
  readonly end: Ending | null;
}

export interface Ending {
  readonly code: number;
  readonly reason: string;
}

export type SessionEvent =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'watch'; readonly channel: string }
  | { readonly type: 'unwatch'; readonly channel: string }
  /** `ticket` is the asker's own number for it. */
  | { readonly type: 'ask'; readonly ticket: number; readonly question: Question }
  | { readonly type: 'opened' }
  | { readonly type: 'read'; readonly reading: Reading }
  | { readonly type: 'closed'; readonly code: number; readonly reason: string }
  | { readonly type: 'elapsed'; readonly timer: TimerName }
  /** The network or the tab came back; `silentMs` since anything was heard. */
  | { readonly type: 'nudge'; readonly silentMs: number };

export type Effect =
  | { readonly do: 'open' }
  | { readonly do: 'close' }
  | { readonly do: 'send'; readonly message: ClientMessage }
  | { readonly do: 'set'; readonly timer: TimerName; readonly delayMs: number }
  | { readonly do: 'cancel'; readonly timer: TimerName }
  | { readonly do: 'greet'; readonly welcome: Welcome }
  | { readonly do: 'apply'; readonly frame: Frame }
  | { readonly do: 'tell'; readonly event: FleetEvent }
  | { readonly do: 'note'; readonly note: Note }
  /** Once for each question. */
  | { readonly do: 'answer'; readonly ticket: number; readonly answer: Answer }
  | { readonly do: 'beat'; readonly serverTimeMs: number; readonly isBusStale: boolean }
  | { readonly do: 'forget'; readonly channel: string }
  | {
      readonly do: 'refuse';
      readonly channel: string | null;
      readonly code: string;
      readonly reason: string;
    };

export type Step = readonly [SessionState, readonly Effect[]];

/** An event that the phase does not allow; the state is untouched. */
export class RefusedMove extends Error {
  constructor(phase: Phase, event: SessionEvent) {
    const what = event.type === 'elapsed' ? `elapsed ${event.timer}` : event.type;
    super(`${what} cannot happen while ${phase}`);
  }
}

export const IDLE: SessionState = {
  phase: 'idle',
  channels: new Map(),
  nextId: 1,
  attempt: 0,
  silenceMs: 0,
  newestSeq: 0,
  ackedSeq: 0,
  unacked: 0,
  unackedRows: 0,
  hasToken: false,
  renewing: null,
  asked: new Map(),
  end: null,
};

export function send(message: ClientMessage): Effect {
  return { do: 'send', message };
}

export function set(timer: TimerName, delayMs: number): Effect {
  return { do: 'set', timer, delayMs };
}

export function cancel(timer: TimerName): Effect {
  return { do: 'cancel', timer };
}
