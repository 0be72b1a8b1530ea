import { describe, expect, it } from 'vitest';
import type { ThreadMessage } from '../../src/desk/thread.ts';
import { offeredReplies, unseenMessages } from '../../src/drive/replies.ts';

function makeMessage(id: number, more: Partial<ThreadMessage> = {}): ThreadMessage {
  return {
    ...{
      id,
      key: null,
      isFromDriver: false,
      author: 'boss',
      text: `text ${id}`,
      quickReplies: ['Yes', 'No'],
    },
    ...{ timeMs: 0, state: 'delivered', reason: '', retryAtMs: 0 },
    ...more,
  };
}

describe('quick replies', () => {
  it('are those of the newest message', () => {
    expect(offeredReplies([makeMessage(1), makeMessage(2, { quickReplies: ['Later'] })])).toEqual(['Later']);
  });

  it('are gone once something was answered', () => {
    expect(offeredReplies([makeMessage(1), makeMessage(2, { isFromDriver: true })])).toEqual([]);
    expect(offeredReplies([])).toEqual([]);
  });
});

it('shows what was not read, and not what the driver has seen already', () => {
  const messages = [
    makeMessage(1),
    makeMessage(2),
    makeMessage(3, { state: 'read' }),
    makeMessage(4, { isFromDriver: true }),
  ];
  expect(unseenMessages(messages, 0).map(({ id }) => id)).toEqual([1, 2]);
  expect(unseenMessages(messages, 1).map(({ id }) => id)).toEqual([2]);
});
