import { describe, expect, it } from 'vitest';
import { ratesBetween } from '../../src/ops/report.ts';
import { makeReport } from '../helpers.ts';

describe('rates', () => {
  it('are differences over the time between', () => {
    const before = makeReport(10, { fixes_stored: 100, commits: { count: 10, total_s: 1 } });
    const after = makeReport(14, { fixes_stored: 180, commits: { count: 14, total_s: 1.02 } });
    expect(ratesBetween(before, after)).toMatchObject({ fixes_per_s: 20, tick_ms: null });
    expect(ratesBetween(before, after)?.commit_ms).toBeCloseTo(5);
  });

  it('need two moments of one process', () => {
    expect(ratesBetween(undefined, makeReport(1))).toBeNull();
    expect(ratesBetween(makeReport(1), makeReport(1))).toBeNull();
  });
});
