/** What of a conversation a driver should see at a glance. Pure. */
import { isOurs, type ThreadMessage } from '../desk/thread.ts';

/** Of the newest message, if the dispatcher wrote it and nothing was answered. */
export function offeredReplies(messages: readonly ThreadMessage[]): readonly string[] {
  const newest = messages.at(-1);
  return newest === undefined || isOurs(newest, 'driver') ? [] : newest.quickReplies;
}

/** What the driver has not said to have read, of those after the id `seenId`, in their order. */
export function unseenMessages(messages: readonly ThreadMessage[], seenId: number): readonly ThreadMessage[] {
  return messages.filter(
    (message) => !isOurs(message, 'driver') && message.state !== 'read' && (message.id ?? 0) > seenId,
  );
}
