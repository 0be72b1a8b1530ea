import { describe, expect, it } from 'vitest';
import {
  AT_REST,
  begun,
  type Delivery,
  failingSinceMs,
  isDue,
  nudged,
  outcomeOf,
  settled,
} from '../../src/drive/delivery.ts';
import type { Answer } from '../../src/protocol.ts';

const LATER = { kind: 'later', afterMs: 0, reason: '' } as const;
const ALL_WELL = { sentAtMs: 0, lostAtMs: null, offlineAtMs: null, nowMs: 100_000 };

function failure(code: string, more: { retry_after_s?: number } = {}): Answer {
  return { type: 'error', id: 1, code, reason: 'Not now.', ...more };
}

describe('a delivery', () => {
  it('is under way until it is settled', () => {
    const sending = begun(AT_REST, 1000);
    expect(isDue(AT_REST, 1000)).toBe(true);
    expect(isDue(sending, 1e9)).toBe(false);
    expect(settled(sending, { kind: 'taken', refused: [] }, 2000, 0.5)).toEqual(AT_REST);
  });

  it('is tried again after a random delay that doubles up to half a minute', () => {
    let delivery: Delivery = AT_REST;
    const delays: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      delivery = settled(begun(delivery, 0), LATER, 0, 1);
      delays.push(delivery.dueMs);
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(settled(AT_REST, LATER, 0, 0).dueMs).toBe(0);
  });

  it('waits as long as the server asks', () => {
    const delivery = settled(AT_REST, { ...LATER, afterMs: 7000, reason: 'Busy.' }, 1000, 0);
    expect(isDue(delivery, 7999)).toBe(false);
    expect(isDue(delivery, 8000)).toBe(true);
    expect(delivery.reason).toBe('Busy.');
  });

  it('goes at once when the network comes back', () => {
    const waiting = settled(AT_REST, { ...LATER, afterMs: 60_000 }, 0, 1);
    expect(isDue(nudged(waiting), 1)).toBe(true);
  });

  it('remembers since when it fails', () => {
    const first = settled(AT_REST, LATER, 1000, 0);
    expect(settled(first, LATER, 5000, 0).failingSinceMs).toBe(1000);
  });
});

describe('an answer', () => {
  it('takes fixes, and says which it refused', () => {
    const refused = [{ index: 3, reason: 'off_duty', detail: 'The driver was off duty.' }];
    expect(outcomeOf({ type: 'ok', id: 1, result: { stored: 2, refused } })).toEqual({
      kind: 'taken',
      refused,
    });
    expect(outcomeOf({ type: 'ok', id: 1, result: { refused: 'none' } })).toEqual({
      kind: 'taken',
      refused: [],
    });
  });

  it('comes later', () => {
    expect(outcomeOf(null)).toEqual(LATER);
    expect(outcomeOf(failure('busy', { retry_after_s: 3 }))).toEqual({
      ...LATER,
      afterMs: 3000,
      reason: 'Not now.',
    });
  });

  it.each(['not_authenticated', 'forbidden'])('ends the pairing: %s', (code) => {
    expect(outcomeOf(failure(code))).toEqual({ kind: 'unpaired' });
  });
});

describe('the network', () => {
  it('is there for all that is known', () => {
    expect(failingSinceMs(AT_REST, ALL_WELL)).toBeNull();
    expect(failingSinceMs(begun(AT_REST, 95_000), ALL_WELL)).toBeNull();
  });

  it('is lost when the browser says so, when an answer is late, or when the live connection stays away', () => {
    expect(failingSinceMs(AT_REST, { ...ALL_WELL, offlineAtMs: 99_000 })).toBe(99_000);
    expect(failingSinceMs(begun(AT_REST, 94_000), ALL_WELL)).toBe(94_000);
    expect(failingSinceMs(AT_REST, { ...ALL_WELL, lostAtMs: 89_000 })).toBe(89_000);
    expect(failingSinceMs(AT_REST, { ...ALL_WELL, lostAtMs: 91_000 })).toBeNull();
  });

  it('is there when something got through since the live connection was lost, or the browser went offline', () => {
    expect(failingSinceMs(AT_REST, { ...ALL_WELL, offlineAtMs: 1000, sentAtMs: 2000 })).toBeNull();
    expect(failingSinceMs(AT_REST, { ...ALL_WELL, lostAtMs: 1000, sentAtMs: 2000 })).toBeNull();
  });

  it('is lost since the first sign', () => {
    const failing = settled(AT_REST, LATER, 50_000, 0);
    expect(failingSinceMs(failing, { ...ALL_WELL, offlineAtMs: 60_000 })).toBe(50_000);
  });
});
