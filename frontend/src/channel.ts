/** One channel on one connection: which frames to apply, and when frames are missing. Pure. */
import type { Delta, FleetEvent, Frame, Snapshot } from './protocol.ts';

export interface Channel {
  /** All of the channel is known up to here; null when only a snapshot will do. */
  readonly cursor: string | null;
  /** The join not confirmed yet: frames that come before its `ok` belong to an earlier one. */
  readonly joining: number | null;
  /** `seq` of the newest frame applied since the join, 0 while its answer is awaited. */
  readonly seq: number;
  /** The part of the snapshot to come next, 0 outside a snapshot. */
  readonly nextPart: number;
}

/** `skip` leaves the channel as it is; `lost` asks for a new join. */
export type Verdict = { readonly action: 'apply' | 'skip' | 'lost'; readonly channel: Channel };

export const NEW_CHANNEL: Channel = { cursor: null, joining: null, seq: 0, nextPart: 0 };

/** What is left of a channel when its connection is gone. */
export function detach(channel: Channel, keepCursor: boolean): Channel {
  return { ...NEW_CHANNEL, cursor: keepCursor ? channel.cursor : null };
}

export function joining(channel: Channel, id: number): Channel {
  return { ...NEW_CHANNEL, cursor: channel.cursor, joining: id };
}

export function confirm(channel: Channel): Channel {
  return { ...channel, joining: null };
}

export function receive(channel: Channel, frame: Frame): Verdict {
  if (channel.joining !== null) return skip(channel);
  return frame.type === 'snapshot' ? receivePart(channel, frame) : receiveDelta(channel, frame);
}

/** An event may be the frame before the next delta. */
export function pass(channel: Channel, event: FleetEvent): Channel {
  return channel.seq === 0 ? channel : { ...channel, seq: Math.max(channel.seq, event.seq) };
}

function receivePart(channel: Channel, frame: Snapshot): Verdict {
  if (frame.part !== 1 && frame.part !== channel.nextPart) {
    return channel.seq === 0 ? skip(channel) : lost({ ...channel, cursor: null });
  }
  const isLast = frame.part >= frame.parts;
  // A snapshot cut off in the middle leaves less than the old cursor promised.
  const cursor = isLast ? frame.cursor : null;
  return apply({ ...channel, cursor, seq: frame.seq, nextPart: isLast ? 0 : frame.part + 1 });
}

function receiveDelta(channel: Channel, frame: Delta): Verdict {
  const isAnswer = frame.prev === 0 && channel.cursor !== null;
  if (channel.seq === 0 && !isAnswer) return skip(channel);
  if (channel.nextPart !== 0) return receiveBetweenParts(channel, frame);
  if (frame.prev > channel.seq) return lost(channel);
  return apply({ ...channel, cursor: frame.cursor, seq: frame.seq });
}

/** Its cursor would promise the parts still to come. */
function receiveBetweenParts(channel: Channel, frame: Delta): Verdict {
  return frame.prev === 0 ? apply({ ...channel, seq: frame.seq }) : lost({ ...channel, cursor: null });
}

function apply(channel: Channel): Verdict {
  return { action: 'apply', channel };
}

function skip(channel: Channel): Verdict {
  return { action: 'skip', channel };
}

function lost(channel: Channel): Verdict {
  return { action: 'lost', channel };
}
