/** One stream for many tabs: what the leading tab asks for, and whom it tells what. An event in, the next state and what to do out. */
import type { ClientMessage, Reading, ServerMessage, Welcome } from './protocol.ts';

export interface LeaderState {
  /** The channels of each tab. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  readonly nextId: number;
  /** Who waits for the answers to what was asked on the stream. */
  readonly asked: ReadonlyMap<number, Asker>;
  readonly welcome: WelcomeReading | null;
}

interface WelcomeReading {
  readonly kind: 'message';
  readonly message: Welcome;
}

export interface Asker {
  readonly tab: string;
  readonly id: number;
}

type Question = Extract<ClientMessage, { readonly id: number }>;

export type LeaderEvent =
  | { readonly type: 'said'; readonly tab: string; readonly message: ClientMessage }
  | { readonly type: 'left'; readonly tab: string }
  | { readonly type: 'heard'; readonly reading: Reading };

export type LeaderEffect =
  | { readonly do: 'send'; readonly message: ClientMessage }
  /** No `tab`: all of them; each knows its channels. */
  | { readonly do: 'tell'; readonly tab: string | null; readonly reading: Reading }
  /** Find out when that tab is gone. */
  | { readonly do: 'mind'; readonly tab: string };

export type LeaderStep = readonly [LeaderState, readonly LeaderEffect[]];

export const ALONE: LeaderState = { members: new Map(), nextId: 1, asked: new Map(), welcome: null };

export function lead(state: LeaderState, event: LeaderEvent): LeaderStep {
  switch (event.type) {
    case 'said':
      return listen(state, event.tab, event.message);
    case 'left':
      return release(state, event.tab);
    case 'heard':
      return passOn(state, event.reading);
  }
}

function listen(state: LeaderState, tab: string, message: ClientMessage): LeaderStep {
  switch (message.type) {
    case 'hello':
      return admit(state, tab);
    case 'join':
      // A new reader needs a picture, whoever has one already; joining again starts the channel afresh for all.
      return askFor(withChannels(state, tab, [...channelsOf(state, tab), message.channel]), tab, message);
    case 'leave':
      return leave(state, tab, message);
    case 'ack':
      return [state, []];
    default:
      return askFor(state, tab, message);
  }
}

function admit(state: LeaderState, tab: string): LeaderStep {
  const greeting: LeaderEffect[] =
    state.welcome === null ? [] : [{ do: 'tell', tab, reading: state.welcome }];
  return [withChannels(state, tab, []), [{ do: 'mind', tab }, ...greeting]];
}

function askFor(state: LeaderState, tab: string, message: Question): LeaderStep {
  const id = state.nextId;
  const asked = new Map(state.asked).set(id, { tab, id: message.id });
  return [{ ...state, nextId: id + 1, asked }, [{ do: 'send', message: { ...message, id } }]];
}

function leave(
  state: LeaderState,
  tab: string,
  message: Extract<Question, { readonly type: 'leave' }>,
): LeaderStep {
  const left = [...channelsOf(state, tab)].filter((channel) => channel !== message.channel);
  const [next, effects] = leaveUnwatched(withChannels(state, tab, left), [message.channel]);
  const ok: Reading = { kind: 'message', message: { type: 'ok', id: message.id } };
  return [next, [...effects, { do: 'tell', tab, reading: ok }]];
}

function release(state: LeaderState, tab: string): LeaderStep {
  const members = new Map(state.members);
  members.delete(tab);
  return leaveUnwatched({ ...state, members }, channelsOf(state, tab));
}

function leaveUnwatched(state: LeaderState, channels: Iterable<string>): LeaderStep {
  const watched = new Set([...state.members.values()].flatMap((held) => [...held]));
  const unwatched = [...channels].filter((channel) => !watched.has(channel));
  const effects = unwatched.map((channel, index): LeaderEffect => {
    return { do: 'send', message: { type: 'leave', id: state.nextId + index, channel } };
  });
  return [{ ...state, nextId: state.nextId + effects.length }, effects];
}

function passOn(state: LeaderState, reading: Reading): LeaderStep {
  if (reading.kind !== 'message') return [state, [{ do: 'tell', tab: null, reading }]];
  const { message } = reading;
  const welcome = welcomeAfter(state.welcome, message);
  if (welcome !== state.welcome) return [{ ...state, welcome }, [{ do: 'tell', tab: null, reading }]];
  if ((message.type !== 'ok' && message.type !== 'error') || message.id === null) {
    return [state, [{ do: 'tell', tab: null, reading }]];
  }
  const asker = state.asked.get(message.id);
  if (asker === undefined) return [state, []];
  const asked = new Map(state.asked);
  asked.delete(message.id);
  const answer: Reading = { kind: 'message', message: { ...message, id: asker.id } };
  return [{ ...state, asked }, [{ do: 'tell', tab: asker.tab, reading: answer }]];
}

/** What a tab that comes later is told: with the regions' mark of now. */
function welcomeAfter(known: WelcomeReading | null, message: ServerMessage): WelcomeReading | null {
  if (message.type === 'welcome') return { kind: 'message', message };
  if (message.type !== 'regions' || known === null) return known;
  return { kind: 'message', message: { ...known.message, regions: message.mark } };
}

function channelsOf(state: LeaderState, tab: string): ReadonlySet<string> {
  return state.members.get(tab) ?? new Set();
}

function withChannels(state: LeaderState, tab: string, channels: readonly string[]): LeaderState {
  return { ...state, members: new Map(state.members).set(tab, new Set(channels)) };
}
