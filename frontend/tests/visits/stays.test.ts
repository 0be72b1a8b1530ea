import { describe, expect, it } from 'vitest';
import { visitorsOf, visitorsWithin } from '../../src/visits/stays.ts';

const at = (clock: string): number => Date.parse(`2026-11-26T${clock}:00Z`);
const time = (clock: string): string => `2026-11-26T${clock}:00Z`;
const ASKED = { fromMs: at('08:00'), toMs: at('10:00'), nowMs: at('09:30') };

describe('who was at a place', () => {
  it('visits of a region are gathered by vehicle, those that last go to now', () => {
    const visits = [
      { vehicle: 'van', enter_time: time('07:50'), exit_time: time('08:10') },
      { vehicle: null, enter_time: time('08:00'), exit_time: null },
      { vehicle: 'bus', enter_time: time('08:20'), exit_time: time('08:30') },
      { vehicle: 'van', enter_time: time('09:00'), exit_time: null },
    ];
    expect(visitorsOf(visits, ASKED)).toEqual([
      {
        slug: 'van',
        stays: [
          { fromMs: at('07:50'), toMs: at('08:10'), isBefore: true, isAfter: false, isNow: false },
          { fromMs: at('09:00'), toMs: at('09:30'), isBefore: false, isAfter: true, isNow: true },
        ],
      },
      {
        slug: 'bus',
        stays: [{ fromMs: at('08:20'), toMs: at('08:30'), isBefore: false, isAfter: false, isNow: false }],
      },
    ]);
  });

  it('in a box who came first is the first, and what was cut is told', () => {
    const found = [
      { vehicle: 'bus', stretches: [[time('08:20'), time('09:30')] as const] },
      { vehicle: 'van', stretches: [[time('08:00'), time('08:10')] as const] },
    ];
    expect(visitorsWithin(found, ASKED)).toEqual([
      {
        slug: 'van',
        stays: [{ fromMs: at('08:00'), toMs: at('08:10'), isBefore: true, isAfter: false, isNow: false }],
      },
      {
        slug: 'bus',
        stays: [{ fromMs: at('08:20'), toMs: at('09:30'), isBefore: false, isAfter: true, isNow: true }],
      },
    ]);
  });
});
