import { describe, expect, it } from 'vitest';
import { cpuShare, spentBetween } from '../../src/lab/cpu-share.ts';

const IDLE = [
  { cpu_s: 0.9, duration_s: 10 },
  { cpu_s: 1.1, duration_s: 10 },
];

describe('cpuShare', () => {
  it('takes off what the server spends anyway', () => {
    const share = cpuShare({ cpu_s: 0.75, duration_s: 5 }, 1000, IDLE);
    expect(share.perUpdateMs).toBeCloseTo(0.25);
    expect(share.plusMinusMs).toBeCloseTo(0.05);
  });

  it('is never negative', () => {
    expect(cpuShare({ cpu_s: 0.1, duration_s: 5 }, 10, IDLE).perUpdateMs).toBe(0);
  });

  it('is unknown without updates', () => {
    expect(cpuShare({ cpu_s: 1, duration_s: 5 }, 0, IDLE).perUpdateMs).toBeNull();
  });
});

describe('spentBetween', () => {
  it('is the difference of two readings', () => {
    expect(spentBetween({ process: 7, cpu_s: 1 }, { process: 7, cpu_s: 1.5 }, 5)).toEqual({
      cpu_s: 0.5,
      duration_s: 5,
    });
  });

  it('cannot compare two processes', () => {
    expect(spentBetween({ process: 7, cpu_s: 1 }, { process: 8, cpu_s: 1.5 }, 5)).toBeNull();
  });
});
