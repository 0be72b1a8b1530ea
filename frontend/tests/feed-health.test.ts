import { describe, expect, it } from 'vitest';
import { feedLevel, LagMeter, titleText } from '../src/feed-health.ts';
import { makeRow } from './helpers.ts';

describe('feedLevel', () => {
  const facts = { phase: 'live', behindMs: 400, isBusStale: false, lostAtMs: null, nowMs: 10_000 } as const;

  it.each([
    ['ok', {}],
    ['ok', { behindMs: null }],
    ['late', { behindMs: 3000 }],
    ['late', { isBusStale: true }],
    ['connecting', { phase: 'waiting', lostAtMs: 9000 }],
    ['lost', { phase: 'waiting', lostAtMs: 8500 }],
    ['lost', { phase: 'connecting', lostAtMs: 0 }],
    ['ended', { phase: 'ended' }],
  ] as const)('is %s with %o', (level, more) => {
    expect(feedLevel({ ...facts, ...more })).toBe(level);
  });
});

describe('LagMeter', () => {
  it('takes the freshest row of a frame and the median of frames', () => {
    const lag = new LagMeter();
    expect(lag.behindMs).toBeNull();
    for (const fixTime of [9900, 9000, 9800])
      lag.hear([makeRow(1, 100), makeRow(2, fixTime)], 10_000, 60_000);
    expect(lag.behindMs).toBe(200);
  });

  it('ignores backlog, and takes a clock ahead as now', () => {
    const lag = new LagMeter();
    lag.hear([makeRow(1, 100)], 100_000, 60_000);
    expect(lag.behindMs).toBeNull();
    lag.hear([makeRow(1, 105_000)], 100_000, 60_000);
    expect(lag.behindMs).toBe(0);
  });
});

it('tells the tab what matters', () => {
  expect([titleText('ok', 0), titleText('late', 2), titleText('lost', 2)]).toEqual([
    'Live – Fleet',
    '(2) Live – Fleet',
    'No live positions – Fleet',
  ]);
});
