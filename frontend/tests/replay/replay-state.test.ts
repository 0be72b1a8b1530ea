import { describe, expect, it } from 'vitest';
import { parseReplay, replayParams } from '../../src/replay/address.ts';
import { type Act, acted, LIVE, type ReplayState } from '../../src/replay/replay-state.ts';

const OPEN = { kind: 'open', window: [1_000, 90_000], day: null, atMs: 50_000 } as const;

function played(...acts: readonly Act[]): ReplayState {
  return acts.reduce(acted, LIVE);
}

function pass(elapsedMs: number, skipped: readonly (readonly [number, number])[] = []): Act {
  return { kind: 'pass', elapsedMs, skipped };
}

describe('the replay', () => {
  it('is live until it is opened, and nothing else moves it', () => {
    for (const kind of ['toggle', 'close', 'faster', 'skip'] as const) expect(played({ kind })).toBe(LIVE);
    expect(played({ kind: 'seek', atMs: 5 }, pass(100))).toBe(LIVE);
  });

  it('opens paused, within its window', () => {
    expect(played(OPEN)).toMatchObject({ mode: 'paused', atMs: 50_000 });
    expect(played({ ...OPEN, atMs: 0 }).atMs).toBe(1_000);
    expect(played(OPEN, { kind: 'seek', atMs: 99_999 }).atMs).toBe(90_000);
  });

  it('plays by time', () => {
    expect(played(OPEN, { kind: 'toggle' }, pass(100))).toMatchObject({ mode: 'playing', atMs: 53_000 });
    expect(played(OPEN, pass(100)).atMs).toBe(50_000);
  });

  it('pauses at the end, and begins anew from there', () => {
    const ended = played(OPEN, { kind: 'speed', speed: 300 }, { kind: 'toggle' }, pass(250));
    expect(ended).toMatchObject({ mode: 'paused', atMs: 90_000 });
    expect(acted(ended, { kind: 'toggle' })).toMatchObject({ mode: 'playing', atMs: 1_000 });
  });

  it('skips quiet times when asked to', () => {
    const acts = [OPEN, { kind: 'toggle' }, pass(100, [[51_000, 80_000]])] as const;
    expect(played(...acts).atMs).toBe(53_000);
    expect(played(OPEN, { kind: 'skip' }, ...acts.slice(1)).atMs).toBe(80_000);
  });

  it('has speeds from 1 to 300 and no others', () => {
    expect(played(OPEN, { kind: 'speed', speed: 7 }).speed).toBe(30);
    expect(played(OPEN, { kind: 'slower' }, { kind: 'slower' }).speed).toBe(5);
    const fast = Array.from({ length: 9 }, () => ({ kind: 'faster' }) as const);
    expect(played(OPEN, ...fast).speed).toBe(300);
  });

  it('keeps speed and skipping for the next time', () => {
    const closed = played(OPEN, { kind: 'faster' }, { kind: 'skip' }, { kind: 'close' });
    expect(closed).toMatchObject({ mode: 'live', speed: 60, isSkipping: true });
  });
});

describe('its address', () => {
  it.each(['t=2026-11-26T10:12:33Z', 't=2026-11-26T10:12:33Z&day=2026-11-26&speed=300&skip=yes'])(
    'is read as it is written: %s',
    (query) => {
      const written = replayParams(parseReplay(new URLSearchParams(query)));
      expect(
        written
          .filter(([, value]) => value !== '')
          .map((pair) => pair.join('='))
          .join('&'),
      ).toBe(query);
    },
  );

  it('is live without a moment that can be read', () => {
    expect(parseReplay(new URLSearchParams('t=noon&speed=60'))).toBeNull();
    expect(parseReplay(new URLSearchParams('t=2026-11-26T10:12:33Z&day=x&speed=7'))).toMatchObject({
      day: null,
      speed: 30,
    });
  });
});
