import { describe, expect, it } from 'vitest';
import { IDLE } from '../src/session-state.ts';
import { CHANNEL, makeDelta, makeEvent, makeRow, makeWelcome } from './helpers.ts';
import { cut, makeLive, opened, Run, start } from './session-run.ts';

describe('stream tokens', () => {
  function makeRenewing(expiresInS: number | null, hasToken = true): Run {
    const run = new Run();
    run.state = { ...IDLE, hasToken };
    return run.take(start, opened).hear(makeWelcome({ expires_in_s: expiresInS }));
  }

  it.each([
    [600, 540_000],
    [30, 24_000],
    [0, 1000],
    [90 * 86_400, 2 ** 31 - 1],
  ])('that last %d s are renewed after %d ms', (expiresInS, delayMs) => {
    expect(makeRenewing(expiresInS).timer('renew')).toBe(delayMs);
  });

  it('are left alone without an end, and so are cookies', () => {
    expect(makeRenewing(null).timer('renew')).toBeUndefined();
    expect(makeRenewing(600, false).timer('renew')).toBeUndefined();
  });

  it('are renewed again when the fresh one is about to end', () => {
    const run = makeRenewing(600);
    run.effects();
    expect(run.elapse('renew').sent()).toEqual([{ type: 'auth', id: 1 }]);
    run.hear({ type: 'ok', id: 1, result: { expires_in_s: 300 } });
    expect(run.timer('renew')).toBe(240_000);
    expect(run.elapse('renew').sent()).toEqual([{ type: 'auth', id: 2 }]);
  });

  it('are asked for again while nobody answers', () => {
    expect(makeRenewing(600).elapse('renew').timer('renew')).toBe(10_000);
  });

  it('are asked for again after an error, of which nobody need hear', () => {
    const run = makeRenewing(600).elapse('renew');
    run.effects();
    run.hear({ type: 'error', id: 1, code: 'rate', reason: '' });
    expect(run.effects().map((effect) => effect.do)).toEqual(['set']);
    expect(run.elapse('renew').sent()).toEqual([{ type: 'auth', id: 2 }]);
  });

  it('of a stream last as its next welcome says', () => {
    const run = makeRenewing(600).elapse('renew').hear({ type: 'ok', id: 1 });
    expect(run.hear(makeWelcome({ expires_in_s: 500 })).timer('renew')).toBe(440_000);
  });

  it('are not renewed on a connection that is gone', () => {
    const run = makeRenewing(600).elapse('renew').take(cut).elapse('retry').take(opened).hear(makeWelcome());
    run.effects();
    run.hear({ type: 'ok', id: 1, result: { expires_in_s: 300 } });
    expect(run.timer('renew')).toBeUndefined();
  });
});

describe('acks', () => {
  it('acknowledges the newest frame a moment later', () => {
    const run = makeLive().elapse('ack');
    run.effects();
    run.hear(makeDelta({ seq: 2, prev: 1 }), makeDelta({ seq: 3, prev: 2 }));
    expect(run.timer('ack')).toBe(1000);
    expect(run.elapse('ack').sent()).toEqual([{ type: 'ack', seq: 3 }]);
  });

  it('does not wait for the timer when frames pour in', () => {
    const run = makeLive();
    for (let seq = 2; seq <= 16; seq += 1) run.hear(makeDelta({ seq, prev: seq - 1 }));
    expect(run.sent()).toEqual([{ type: 'ack', seq: 16 }]);
  });

  it('does not wait for the timer after a large frame, which uses much of the window up', () => {
    const run = makeLive();
    const rows = Array.from({ length: 300 }, (_, vehicle) => makeRow(vehicle, 1000));
    run.hear(makeDelta({ seq: 2, prev: 1, rows }));
    expect(run.sent()).toEqual([]);
    run.hear(makeDelta({ seq: 3, prev: 2, rows }));
    expect(run.sent()).toEqual([{ type: 'ack', seq: 3 }]);
  });

  it('leaves events alone, which pass without credit', () => {
    const run = makeLive().elapse('ack');
    run.effects();
    for (let seq = 2; seq <= 100; seq += 1) run.hear(makeEvent({ seq }));
    expect([run.timer('ack'), run.sent()]).toEqual([undefined, []]);
  });

  it('counts frames that it skips, since the window is over all', () => {
    const run = makeLive()
      .take({ type: 'unwatch', channel: CHANNEL })
      .hear(makeDelta({ seq: 2 }))
      .elapse('ack');
    expect(run.sent()).toContainEqual({ type: 'ack', seq: 2 });
  });
});
