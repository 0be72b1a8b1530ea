import { expect, it } from 'vitest';
import { pollPath, readPollAnswer } from '../../src/lab/poll-answer.ts';

it('names the channel and how long the server may wait', () => {
  expect(pollPath('region:haga', 25)).toBe('/live/v1/poll?channel=region%3Ahaga&wait=25');
});

it.each([
  [
    200,
    '{"cursor":"c2","messages":[{"type":"delta"}]}',
    { kind: 'news', cursor: 'c2', messages: [{ type: 'delta' }] },
  ],
  [304, '', { kind: 'nothing' }],
  [401, '{}', { kind: 'refused' }],
  [403, '{}', { kind: 'refused' }],
  [429, '{}', { kind: 'trouble' }],
  [503, 'Bad gateway', { kind: 'trouble' }],
])('reads an answer with status %d', (status, body, meaning) => {
  expect(readPollAnswer(status, body)).toEqual(meaning);
});
