/** What the session does about channels: joins, leaves, and who a question was about. */
import { type Channel, joining, NEW_CHANNEL } from './channel.ts';
import { type Effect, type SessionState, type Step, send } from './session-state.ts';

export function watch(state: SessionState, name: string): Step {
  if (state.channels.has(name)) return [state, []];
  const next = put(state, name, NEW_CHANNEL);
  return isIntroduced(state) ? join(next, name, NEW_CHANNEL) : [next, []];
}

export function unwatch(state: SessionState, name: string): Step {
  if (!state.channels.has(name)) return [state, []];
  const channels = new Map(state.channels);
  channels.delete(name);
  const forget: Effect = { do: 'forget', channel: name };
  if (!isIntroduced(state)) return [{ ...state, channels }, [forget]];
  const leave = send({ type: 'leave', id: state.nextId, channel: name });
  return [{ ...state, channels, nextId: state.nextId + 1 }, [leave, forget]];
}

function isIntroduced({ phase }: SessionState): boolean {
  return phase === 'greeting' || phase === 'live';
}

export function join(state: SessionState, name: string, channel: Channel): Step {
  const id = state.nextId;
  const cursor = channel.cursor === null ? {} : { cursor: channel.cursor };
  return [
    { ...put(state, name, joining(channel, id)), nextId: id + 1 },
    [send({ type: 'join', id, channel: name, ...cursor })],
  ];
}

export function joinAll(state: SessionState, isWanted: (channel: Channel) => boolean): Step {
  const effects: Effect[] = [];
  let next = state;
  for (const [name, channel] of state.channels) {
    if (!isWanted(channel)) continue;
    const [joined, sent] = join(next, name, channel);
    next = joined;
    effects.push(...sent);
  }
  return [next, effects];
}

export function lose(state: SessionState, name: string, refuse: Effect): Step {
  const channels = new Map(state.channels);
  channels.delete(name);
  return [{ ...state, channels }, [{ do: 'forget', channel: name }, refuse]];
}

export function joinedBy(state: SessionState, id: number | null): string | null {
  if (id === null) return null;
  for (const [name, channel] of state.channels) if (channel.joining === id) return name;
  return null;
}

export function mapChannel(
  state: SessionState,
  id: number | null,
  change: (channel: Channel) => Channel,
): SessionState {
  const name = joinedBy(state, id);
  const channel = name === null ? undefined : state.channels.get(name);
  return name === null || channel === undefined ? state : put(state, name, change(channel));
}

export function put(state: SessionState, name: string, channel: Channel): SessionState {
  return { ...state, channels: new Map(state.channels).set(name, channel) };
}
