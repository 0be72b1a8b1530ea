/** What a one-way stream is asked for: its channels in order, each with its cursor, empty for a snapshot. Pure. */
import type { ClientMessage, ServerMessage } from '../protocol.ts';

export type StreamPlan = ReadonlyMap<string, string>;

/** What joins and leaves make of it; the same plan when there is nothing to ask anew. */
export function ask(plan: StreamPlan, message: ClientMessage): StreamPlan {
  if (message.type === 'join') return new Map(plan).set(message.channel, message.cursor ?? '');
  return message.type === 'leave' ? without(plan, message.channel) : plan;
}

/** Who lost a channel does not ask for it again by himself. */
export function hear(plan: StreamPlan, message: ServerMessage): StreamPlan {
  const isLost = message.type === 'kick' || (message.type === 'error' && message.channel !== undefined);
  return isLost ? without(plan, message.channel ?? '') : plan;
}

/** What a frame says of its own channel; half a picture has no cursor. */
export function see(plan: StreamPlan, message: ServerMessage): StreamPlan {
  if ((message.type !== 'snapshot' && message.type !== 'delta') || !plan.has(message.channel)) return plan;
  const isWhole = message.type === 'delta' || message.part === message.parts;
  return new Map(plan).set(message.channel, isWhole ? message.cursor : '');
}

/** `cursor` joins the cursors of the channels `asked` for. */
export function advance(plan: StreamPlan, asked: StreamPlan, cursor: string): StreamPlan {
  const cursors = cursor.split(',');
  if (cursors.length !== asked.size) return plan;
  const next = new Map(plan);
  [...asked.keys()].forEach((channel, index) => {
    if (next.has(channel)) next.set(channel, cursors[index] ?? '');
  });
  return next;
}

export function queryOf(plan: StreamPlan): URLSearchParams {
  const query = new URLSearchParams([...plan.keys()].map((channel) => ['channel', channel]));
  const cursors = [...plan.values()];
  if (cursors.some((cursor) => cursor !== '')) query.set('cursor', cursors.join(','));
  return query;
}

function without(plan: StreamPlan, channel: string): StreamPlan {
  if (!plan.has(channel)) return plan;
  const next = new Map(plan);
  next.delete(channel);
  return next;
}
