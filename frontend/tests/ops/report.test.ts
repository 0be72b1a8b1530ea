import { describe, expect, it } from 'vitest';
import { type Counters, type ProcessReport, ratesBetween } from '../../src/ops/report.ts';

function makeReport(uptime_s: number, counters: Partial<Counters> = {}): ProcessReport {
  return {
    process: 'a1',
    pid: 1,
    host: 'here',
    server: 'daphne',
    uptime_s,
    is_draining: false,
    is_bus_stale: false,
    under_way: {},
    connections: [],
    counters: {
      messages_in: 0,
      frames_out: 0,
      bytes_out: 0,
      fixes_stored: 0,
      fixes_duplicate: 0,
      fixes_refused: {},
      commits: { count: 0, total_s: 0 },
      ticks: { count: 0, total_s: 0 },
      conflated: 0,
      resumes: {},
      gaps: {},
      closes: {},
      ...counters,
    },
  };
}

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
