import { describe, expect, it } from 'vitest';
import type { DriveFix } from '../../src/drive/fix.ts';
import { isWorthKeeping } from '../../src/drive/sampling.ts';
import { makeFix } from './make-fix.ts';

const DRIVING = { speed_mps: 15, course_deg: 90 };
const RESTING = { speed_mps: 0 };

function kept(last: Parameters<typeof makeFix>[0], next: Parameters<typeof makeFix>[0]): boolean {
  return isWorthKeeping(makeFix(last), makeFix(next));
}

describe('what is kept', () => {
  it('is the first fix, however poor', () => {
    expect(isWorthKeeping(null, makeFix({ accuracy_m: 3000 }))).toBe(true);
  });

  it('is a fix each five seconds in motion', () => {
    expect(kept(DRIVING, { ...DRIVING, atS: 4.9, eastM: 74 })).toBe(false);
    expect(kept(DRIVING, { ...DRIVING, atS: 5, eastM: 75 })).toBe(true);
  });

  it('is a fix each hundred metres, which is sooner when fast', () => {
    expect(kept(DRIVING, { ...DRIVING, speed_mps: 33, atS: 3.1, eastM: 101 })).toBe(true);
  });

  it('is each turn of twenty degrees, also over north', () => {
    expect(kept(DRIVING, { ...DRIVING, course_deg: 109, atS: 2 })).toBe(false);
    expect(kept(DRIVING, { ...DRIVING, course_deg: 110, atS: 2 })).toBe(true);
    expect(kept({ ...DRIVING, course_deg: 355 }, { ...DRIVING, course_deg: 15, atS: 2 })).toBe(true);
  });

  it('is each start and each stop', () => {
    expect(kept(DRIVING, { ...RESTING, atS: 2 })).toBe(true);
    expect(kept(RESTING, { ...DRIVING, atS: 2 })).toBe(true);
  });

  it('is a fix a minute at rest', () => {
    expect(kept(RESTING, { ...RESTING, atS: 59, eastM: 30 })).toBe(false);
    expect(kept(RESTING, { ...RESTING, atS: 60 })).toBe(true);
  });

  it('is never denser than a second, nor out of order', () => {
    expect(kept(RESTING, { ...DRIVING, atS: 0.9, eastM: 200 })).toBe(false);
    expect(kept(DRIVING, { ...DRIVING, atS: -10 })).toBe(false);
  });

  it('goes on when the clock of the phone is set back', () => {
    expect(kept(DRIVING, { ...DRIVING, atS: -59 })).toBe(false);
    expect(kept(DRIVING, { ...DRIVING, atS: -3600 })).toBe(true);
  });

  it('is a poor fix only when there was nothing better for a minute', () => {
    expect(kept(DRIVING, { ...DRIVING, atS: 30, eastM: 500, accuracy_m: 101 })).toBe(false);
    expect(kept(DRIVING, { ...DRIVING, atS: 60, eastM: 500, accuracy_m: 101 })).toBe(true);
  });

  it('goes by distance where the receiver tells no speed', () => {
    expect(kept({}, { atS: 6, eastM: 14 })).toBe(false);
    expect(kept({}, { atS: 6, eastM: 16 })).toBe(true);
    expect(kept({ accuracy_m: 40 }, { atS: 6, eastM: 39, accuracy_m: 40 })).toBe(false);
  });
});

it('thins a day to a few thousand fixes', () => {
  const measured = Array.from({ length: 3600 }, (_, atS) => makeFix({ ...DRIVING, atS, eastM: 15 * atS }));
  const chosen: DriveFix[] = [];
  for (const fix of measured) if (isWorthKeeping(chosen.at(-1) ?? null, fix)) chosen.push(fix);
  expect(chosen.length).toBe(720);
});
