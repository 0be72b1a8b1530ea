import { describe, expect, it } from 'vitest';
import { RedrawSchedule } from '../../src/map/redraw-schedule.ts';

function makeRested(nowMs = 0): RedrawSchedule {
  const schedule = new RedrawSchedule();
  schedule.drawn(0, nowMs);
  return schedule;
}

describe('RedrawSchedule', () => {
  it('asks for the first picture at once', () => {
    expect(new RedrawSchedule().dueAtMs).toBe(0);
  });

  it('rests while nothing moves', () => {
    expect(makeRested().dueAtMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('waits until the fastest has moved half a pixel', () => {
    const schedule = new RedrawSchedule();
    schedule.drawn(0.005, 1_000);
    expect(schedule.dueAtMs).toBe(1_100);
  });

  it('looks again after a second when something moves at all', () => {
    const schedule = new RedrawSchedule();
    schedule.drawn(Number.MIN_VALUE, 1_000);
    expect(schedule.dueAtMs).toBe(2_000);
  });

  it('brings the picture forward, never back', () => {
    const schedule = makeRested();
    schedule.noteSpeed(0.001, 0);
    expect(schedule.dueAtMs).toBe(500);
    schedule.noteLook(0);
    expect(schedule.dueAtMs).toBe(150);
    schedule.noteSpeed(0.001, 0);
    expect(schedule.dueAtMs).toBe(150);
    schedule.noteJump();
    expect(schedule.dueAtMs).toBe(0);
  });
});
