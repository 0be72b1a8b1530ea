import { describe, expect, it } from 'vitest';
import { type DriveState, headline, lines } from '../../src/drive/words.ts';

const NOW_MS = new Date(2026, 10, 26, 14, 30).getTime();
const AT_14_02 = new Date(2026, 10, 26, 14, 2).getTime();

function makeState(more: Partial<DriveState> = {}): DriveState {
  return {
    ...{ isStarted: true, offSinceMs: null, isSwitchUntold: false, waiting: 0, oldestMs: null },
    ...{ last: { timeMs: NOW_MS - 3000, accuracyM: 7.6 }, locating: 'found', way: 'websocket' },
    ...{ failingSinceMs: null, reason: '', isUnpaired: false, refused: null, thinned: 0, gap: null },
    ...{ keepingProblem: '', isAwake: true },
    ...more,
  };
}

function said(more: Partial<DriveState>): Record<string, string> {
  return Object.fromEntries(lines(makeState(more), NOW_MS).map(({ name, text }) => [name, text]));
}

function heard(more: Partial<DriveState>): readonly string[] {
  const { text, note, tone } = headline(makeState(more), NOW_MS);
  return [text, note, tone];
}

describe('the headline', () => {
  it('says that all is well, and nothing else', () => {
    expect(heard({})).toEqual(['Sending', 'Your dispatcher sees where you are.', 'good']);
  });

  it('says that a backlog is on its way', () => {
    expect(heard({ waiting: 3, oldestMs: AT_14_02 })[1]).toBe('Your dispatcher sees where you are.');
    expect(heard({ waiting: 4, oldestMs: AT_14_02 })[1]).toMatch(/^Catching up since .*02/);
  });

  it('asks for the screen to stay on where the page cannot see to it', () => {
    expect(heard({ isAwake: false })).toEqual(['Sending', 'Keep the screen on.', 'good']);
  });

  it('says since when there is no network', () => {
    const [text, note, tone] = heard({ failingSinceMs: AT_14_02 });
    expect([text, tone]).toEqual(['No network', 'wait']);
    expect(note).toMatch(/^since .*02.*; all is kept here$/);
  });

  it.each([
    [{ locating: 'searching', last: null } as const, 'Looking for it…'],
    [{ locating: 'missing', last: null } as const, 'The receiver finds none; a sky above it helps.'],
  ])('says that there is no position: %o', (change, note) => {
    expect(heard(change)).toEqual(['No position', note, 'wait']);
  });

  it('says of when the last one is, once it is old', () => {
    const [text, note] = heard({ last: { timeMs: NOW_MS - 91_000, accuracyM: null } });
    expect(text).toBe('No position');
    expect(note).toContain('The last one is of');
    expect(heard({ last: { timeMs: NOW_MS - 90_000, accuracyM: null } })[0]).toBe('Sending');
  });

  it('puts first what the driver has to do something about', () => {
    const troubles = { locating: 'denied', failingSinceMs: AT_14_02, isUnpaired: true } as const;
    expect(heard(troubles)[0]).toBe('Not accepted');
    expect(heard({ ...troubles, isUnpaired: false })[0]).toBe('No permission');
    expect(heard({ ...troubles, isUnpaired: false, offSinceMs: AT_14_02 })[0]).toBe('Off duty');
  });

  it('says when it is stopped, and what is left to send', () => {
    expect(heard({ isStarted: false })).toEqual(['Stopped', 'Nothing is recorded.', 'rest']);
    expect(heard({ isStarted: false, waiting: 1 })[1]).toBe('Nothing is recorded. 1 fix left to send.');
  });
});

describe('the lines', () => {
  it('are three while all is well', () => {
    expect(said({})).toEqual({ Waiting: 'none', 'Last fix': '3 s ago, ±8 m', Connection: 'WebSocket' });
  });

  it('say how much waits, and since when', () => {
    expect(said({ waiting: 1312, oldestMs: AT_14_02 }).Waiting).toMatch(/^1.312, since .*02/);
  });

  it('say why nothing goes, in the words of the server where it has some', () => {
    expect(said({ failingSinceMs: AT_14_02 }).Connection).toMatch(/^none since .*02/);
    expect(said({ failingSinceMs: AT_14_02, reason: 'Too many fixes wait.' }).Connection).toBe(
      'Too many fixes wait.',
    );
  });

  it('name everything that is missing', () => {
    const gap = { fromMs: AT_14_02, toMs: NOW_MS };
    const refused = { count: 2, reason: 'off_duty' };
    const shown = said({ gap, refused, thinned: 1, keepingProblem: 'The phone keeps no more: full' });
    expect(shown['Not recorded']).toMatch(/02.* to .*30/);
    expect(shown.Refused).toBe('2 fixes: The driver was off duty');
    expect(shown['Thinned out']).toBe('1 old fix: the phone was full');
    expect(shown['Not kept']).toBe('The phone keeps no more: full');
  });
});
