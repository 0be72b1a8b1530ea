import { describe, expect, it } from 'vitest';
import type { Note, ServerMessage } from '../src/protocol.ts';
import { RefusedMove } from '../src/session-state.ts';
import { CHANNEL, makeDelta, makeEvent, makePresence, makeSnapshot, makeWelcome } from './helpers.ts';
import { cut, makeBye, makeLive, makeRun, opened, Run, start, watch } from './session-run.ts';

describe('phases', () => {
  it('says hello and joins when opened, is live when welcome', () => {
    const run = new Run().take(watch, start, opened);
    expect(run.sent()).toEqual([
      { type: 'hello', window: 32 },
      { type: 'join', id: 1, channel: CHANNEL },
    ]);
    run.hear(makeWelcome());
    expect(run.state.phase).toBe('live');
    expect(run.sent()).toEqual([]);
  });

  it('joins and leaves without waiting for the welcome', () => {
    const run = makeRun('greeting');
    run.effects();
    run.take({ type: 'watch', channel: 'region:b' }, { type: 'unwatch', channel: CHANNEL });
    expect(run.sent().map(({ type }) => type)).toEqual(['join', 'leave']);
  });

  it.each([
    ['idle', start, 'connecting'],
    ['connecting', opened, 'greeting'],
    ['connecting', cut, 'waiting'],
    ['connecting', { type: 'elapsed', timer: 'patience' }, 'waiting'],
    ['greeting', cut, 'waiting'],
    ['greeting', { type: 'elapsed', timer: 'patience' }, 'waiting'],
    ['live', cut, 'waiting'],
    ['live', { type: 'elapsed', timer: 'silence' }, 'waiting'],
    ['live', { type: 'read', reading: { kind: 'broken' } }, 'waiting'],
    ['live', { type: 'read', reading: { kind: 'strange' } }, 'live'],
    ['live', { type: 'closed', code: 4501, reason: '' }, 'ended'],
    ['live', { type: 'closed', code: 4003, reason: '' }, 'waiting'],
    ['waiting', { type: 'elapsed', timer: 'retry' }, 'connecting'],
    ['waiting', { type: 'nudge', silentMs: 0 }, 'connecting'],
    ['ended', start, 'connecting'],
    ['live', { type: 'stop' }, 'idle'],
    ['waiting', { type: 'stop' }, 'idle'],
  ] as const)('%s: %o leads to %s', (from, event, to) => {
    expect(makeRun(from).take(event).state.phase).toBe(to);
  });

  it.each([
    ['idle', opened],
    ['idle', cut],
    ['idle', { type: 'stop' }],
    ['connecting', start],
    ['connecting', { type: 'elapsed', timer: 'retry' }],
    ['greeting', opened],
    ['greeting', { type: 'elapsed', timer: 'silence' }],
    ['live', { type: 'elapsed', timer: 'patience' }],
    ['waiting', cut],
    ['waiting', { type: 'elapsed', timer: 'ack' }],
    ['ended', { type: 'elapsed', timer: 'retry' }],
    ['ended', opened],
  ] as const)('%s refuses %o and stays as it was', (phase, event) => {
    const run = makeRun(phase);
    const before = run.state;
    expect(() => run.take(event)).toThrow(RefusedMove);
    expect(run.state).toBe(before);
  });

  it('hangs up and stops every timer when it leaves a connection', () => {
    const run = makeLive().elapse('silence');
    const effects = run.effects();
    expect(effects[0]).toEqual({ do: 'close' });
    const cancelled = effects.flatMap((effect) => (effect.do === 'cancel' ? [effect.timer] : []));
    expect(cancelled.sort()).toEqual(['ack', 'health', 'patience', 'rejoin', 'renew', 'retry', 'silence']);
  });
});

describe('coming back', () => {
  it('doubles the bound at each failure and starts anew after health', () => {
    const run = new Run().take(watch, start, cut);
    expect(run.timer('retry')).toBe(250);
    run.elapse('retry').take(cut);
    expect(run.timer('retry')).toBe(500);
    run.elapse('retry').take(opened).hear(makeWelcome()).elapse('health').take(cut);
    expect(run.timer('retry')).toBe(250);
  });

  it('joins again with its cursor', () => {
    const run = makeLive()
      .hear(makeDelta({ seq: 2, prev: 1, cursor: 'c2' }))
      .take(cut)
      .elapse('retry');
    run.effects();
    expect(run.take(opened).sent()).toContainEqual({ type: 'join', id: 2, channel: CHANNEL, cursor: 'c2' });
  });

  it('drops cursors that the server will not honour', () => {
    const run = makeLive()
      .hear(makeBye({ resume: false }))
      .elapse('retry');
    run.effects();
    expect(run.take(opened).sent()).toContainEqual({ type: 'join', id: 2, channel: CHANNEL });
  });

  it('waits as long as a bye asks, and jitters on top', () => {
    expect(
      makeLive()
        .hear(makeBye({ retry_ms: 4000 }))
        .timer('retry'),
    ).toBe(4250);
  });

  it.each([makeBye({ code: 4505 }), makeBye({ code: 4000, retry_ms: null })])(
    'stays away after %o',
    (bye) => {
      const run = makeLive().hear(bye);
      expect(run.state.phase).toBe('ended');
      expect(run.state.end).toEqual({ code: bye.code, reason: 'because' });
    },
  );

  it.each([
    [4505, [CHANNEL]],
    [4502, []],
  ])('keeps on show after %d only what may still be seen', (code, forgotten) => {
    const effects = makeLive().hear(makeBye({ code })).effects();
    expect(effects.flatMap((effect) => (effect.do === 'forget' ? [effect.channel] : []))).toEqual(forgotten);
  });

  it('leaves a connection at once that died in its sleep, but not a lively one', () => {
    const run = makeLive();
    expect(run.take({ type: 'nudge', silentMs: 5000 }).state.phase).toBe('live');
    expect(run.take({ type: 'nudge', silentMs: 31_000 }).state.phase).toBe('connecting');
    expect(run.effects().map((effect) => effect.do)).toContain('open');
  });

  it('waits for one and a half heartbeats after every message', () => {
    expect(makeLive().hear({ type: 'heartbeat', server_time: 1, bus: 'ok' }).timer('silence')).toBe(30_000);
  });
});

describe('channels', () => {
  it('joins and leaves while live', () => {
    const run = makeLive();
    run.take({ type: 'watch', channel: 'region:b' }, watch, { type: 'unwatch', channel: CHANNEL });
    expect(run.sent()).toEqual([
      { type: 'join', id: 2, channel: 'region:b' },
      { type: 'leave', id: 3, channel: CHANNEL },
    ]);
  });

  it('forgets a channel left while away', () => {
    const run = makeLive().take(cut);
    run.effects();
    run.take({ type: 'unwatch', channel: CHANNEL });
    expect(run.effects()).toEqual([{ do: 'forget', channel: CHANNEL }]);
    expect(run.elapse('retry').take(opened).hear(makeWelcome()).sent()).toEqual([
      { type: 'hello', window: 32 },
    ]);
  });

  it('applies frames in order and repeats', () => {
    const run = makeLive().hear(
      makeDelta({ seq: 5, prev: 1 }),
      makeDelta({ seq: 9, prev: 5 }),
      makeDelta({ seq: 10, prev: 0 }),
    );
    expect(run.applied()).toEqual([5, 9, 10]);
  });

  it('joins again after a gap and skips what comes before the answer', () => {
    const run = makeLive().hear(makeDelta({ seq: 7, prev: 5 }), makeDelta({ seq: 8, prev: 7 }));
    expect(run.sent()).toEqual([{ type: 'join', id: 2, channel: CHANNEL, cursor: 'c1' }]);
    run.hear({ type: 'ok', id: 2 }, makeDelta({ seq: 9, prev: 8 }), makeDelta({ seq: 10, prev: 0 }));
    expect(run.applied()).toEqual([10]);
  });

  it('collects a snapshot in parts and trusts its cursor only when complete', () => {
    const run = makeLive().hear(makeSnapshot({ seq: 2, part: 1, parts: 2, cursor: 'half' }));
    expect(run.state.channels.get(CHANNEL)?.cursor).toBeNull();
    run.hear(makeSnapshot({ seq: 3, part: 2, parts: 2, cursor: 'whole' }));
    expect(run.state.channels.get(CHANNEL)?.cursor).toBe('whole');
    expect(run.applied()).toEqual([2, 3]);
  });

  it('asks for a whole snapshot when a part is missing', () => {
    const run = makeLive();
    run.hear(makeSnapshot({ seq: 2, part: 1, parts: 3 }), makeSnapshot({ seq: 4, part: 3, parts: 3 }));
    expect(run.sent()).toEqual([{ type: 'join', id: 2, channel: CHANNEL }]);
  });

  it('asks for a whole snapshot when a delta comes between its parts', () => {
    const run = makeLive();
    run.hear(makeSnapshot({ seq: 2, part: 1, parts: 2 }), makeDelta({ seq: 3, prev: 2 }));
    expect(run.sent()).toEqual([{ type: 'join', id: 2, channel: CHANNEL }]);
  });

  it('applies what a slow reader gets between its parts', () => {
    const run = makeLive().hear(
      makeSnapshot({ seq: 2, part: 1, parts: 2 }),
      makeDelta({ seq: 3, prev: 0 }),
      makeSnapshot({ seq: 4, part: 2, parts: 2, cursor: 'whole' }),
    );
    expect(run.applied()).toEqual([2, 3, 4]);
    expect(run.state.channels.get(CHANNEL)?.cursor).toBe('whole');
  });

  it('tells events and does not miss them as frames', () => {
    const run = makeLive().hear(makeEvent({ seq: 2 }), makeDelta({ seq: 3, prev: 2 }));
    expect(run.effects().flatMap((effect) => (effect.do === 'tell' ? [effect.event.seq] : []))).toEqual([2]);
    expect(run.state.channels.get(CHANNEL)?.seq).toBe(3);
  });

  it('tells nothing of channels it left', () => {
    const run = makeLive().take({ type: 'unwatch', channel: CHANNEL }).hear(makeEvent());
    expect(run.effects().map((effect) => effect.do)).not.toContain('tell');
  });

  it('waits for the snapshot when it has no cursor', () => {
    const run = makeRun('live').hear({ type: 'ok', id: 1 }, makeDelta({ seq: 1, prev: 0 }));
    expect(run.applied()).toEqual([]);
  });

  it('ignores frames of channels it left', () => {
    const run = makeLive().take({ type: 'unwatch', channel: CHANNEL }).hear(makeDelta());
    expect(run.applied()).toEqual([]);
  });
});

describe('refusals', () => {
  it('gives up a channel that is forbidden', () => {
    const run = makeRun('live');
    run.effects();
    run.hear({ type: 'error', id: 1, code: 'forbidden', reason: 'no' });
    expect(run.state.channels.size).toBe(0);
    expect(run.effects().map((effect) => effect.do)).toEqual(['forget', 'refuse', 'set']);
  });

  it('gives up a channel that is refused without an id', () => {
    const run = makeRun('live').hear({
      type: 'error',
      id: null,
      channel: CHANNEL,
      code: 'unknown_channel',
      reason: '',
    });
    expect(run.state.channels.size).toBe(0);
  });

  it('forgets a room that it lost and says why, once', () => {
    const kick = { type: 'kick', channel: CHANNEL, code: 'forbidden' } as const;
    const run = makeLive().hear(kick, kick);
    expect(run.state.phase).toBe('live');
    expect(run.effects().filter((effect) => effect.do === 'forget' || effect.do === 'refuse')).toEqual([
      { do: 'forget', channel: CHANNEL },
      { do: 'refuse', channel: CHANNEL, code: 'forbidden', reason: 'You may not watch this any more.' },
    ]);
  });

  it.each([
    [{ code: 'busy', retry_after_s: 3 }, 3000],
    [{ code: 'rate' }, 1000],
  ])('tries again after %o', (failure, delayMs) => {
    const run = makeRun('live').hear({ type: 'error', id: 1, reason: '', ...failure });
    expect(run.timer('rejoin')).toBe(delayMs);
    expect(run.elapse('rejoin').sent()).toEqual([{ type: 'join', id: 2, channel: CHANNEL }]);
  });

  it('passes on an error that answers nothing of ours', () => {
    const run = makeLive().hear({ type: 'error', id: null, code: 'bad_message', reason: 'what?' });
    expect(run.effects()).toContainEqual({
      do: 'refuse',
      channel: null,
      code: 'bad_message',
      reason: 'what?',
    });
  });
});

describe('questions', () => {
  const question = { type: 'send', channel: 'driver:van', text: 'hi', key: 'k' } as const;
  const asking = { type: 'ask', ticket: 7, question } as const;

  function answers(run: Run): unknown[] {
    return run
      .effects()
      .flatMap((effect) => (effect.do === 'answer' ? [[effect.ticket, effect.answer?.type]] : []));
  }

  it.each(['ok', 'error'] as const)('are told the %s that answers them, once', (type) => {
    const run = makeLive().take(asking);
    expect(run.sent()).toEqual([{ ...question, id: 2 }]);
    const answer: ServerMessage = type === 'ok' ? { type, id: 2 } : { type, id: 2, code: 'rate', reason: '' };
    run.hear(answer, answer);
    expect(answers(run)).toEqual([[7, type]]);
  });

  it.each(['idle', 'connecting', 'greeting', 'waiting', 'ended'] as const)(
    'find nobody while %s',
    (phase) => {
      const run = makeRun(phase);
      run.effects();
      expect(run.take(asking).effects()).toEqual([{ do: 'answer', ticket: 7, answer: null }]);
    },
  );

  it.each([cut, { type: 'stop' }, { type: 'nudge', silentMs: 31_000 }] as const)(
    'are given up at %o',
    (event) => {
      const run = makeLive().take(asking);
      run.effects();
      expect(answers(run.take(event))).toEqual([[7, undefined]]);
      expect(run.state.asked.size).toBe(0);
    },
  );

  it('do not lose a room for an error about one', () => {
    const run = makeLive().take(asking);
    run.hear({ type: 'error', id: 2, code: 'forbidden', reason: '' });
    expect(run.state.channels.size).toBe(1);
  });
});

describe('notes', () => {
  it('are passed on from rooms that are watched', () => {
    const run = makeLive();
    run.hear(makePresence([], { channel: CHANNEL }), makePresence([]));
    expect(notesOf(run)).toEqual([makePresence([], { channel: CHANNEL })]);
  });

  it('say which regions there are, at every welcome and when there are others', () => {
    const run = makeLive();
    run.hear(makeWelcome({ regions: 'a' }), { type: 'regions', mark: 'b' }, makeWelcome());
    expect(notesOf(run)).toEqual([
      { type: 'regions', mark: 'a' },
      { type: 'regions', mark: 'b' },
    ]);
  });
});

function notesOf(run: Run): Note[] {
  return run.effects().flatMap((effect) => (effect.do === 'note' ? [effect.note] : []));
}
