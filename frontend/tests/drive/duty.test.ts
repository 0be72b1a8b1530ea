import { describe, expect, it } from 'vitest';
import { heard, ON_DUTY, switched, tellable, told } from '../../src/drive/duty.ts';

describe('duty', () => {
  it('is switched off and on again, and tells the server in order', () => {
    const off = switched(ON_DUTY, 1000, null);
    expect(off).toEqual({ offSinceMs: 1000, untold: [{ off_duty: true, timeMs: 1000 }] });
    expect(switched(off, 2000, null)).toEqual({
      offSinceMs: null,
      untold: [
        { off_duty: true, timeMs: 1000 },
        { off_duty: false, timeMs: 2000 },
      ],
    });
  });

  it('ends after the last fix that was recorded, whatever clock the receiver has', () => {
    expect(switched(ON_DUTY, 1000, 1700).offSinceMs).toBe(1701);
    expect(switched(ON_DUTY, 1000, 300).offSinceMs).toBe(1000);
  });

  it('begins later than it ended', () => {
    const off = switched(ON_DUTY, 1000, 1700);
    expect(switched(off, 1200, null).untold.at(-1)).toEqual({ off_duty: false, timeMs: 1702 });
  });

  it('forgets what the server has heard, and no more', () => {
    const twice = switched(switched(ON_DUTY, 1000, null), 2000, null);
    expect(heard(twice, 1).untold).toEqual([{ off_duty: false, timeMs: 2000 }]);
  });

  it('is told in requests that the server takes, from as far back as it knows', () => {
    const off = switched(ON_DUTY, 1000, null);
    const nowMs = 40 * 86_400_000;
    expect(tellable(off, 2000)).toEqual(off.untold);
    expect(tellable(off, nowMs)).toEqual([{ off_duty: true, timeMs: nowMs - 29 * 86_400_000 }]);
    const untold = Array.from({ length: 101 }, (_, timeMs) => ({ off_duty: timeMs % 2 === 0, timeMs }));
    expect(tellable({ offSinceMs: 100, untold }, 2000)).toEqual(untold.slice(0, 100));
  });

  it('is told in its order as of now when the clock was ahead', () => {
    const twice = switched(switched(ON_DUTY, 3_600_000, null), 3_660_000, null);
    expect(tellable(twice, 1000)).toEqual([
      { off_duty: true, timeMs: 999 },
      { off_duty: false, timeMs: 1000 },
    ]);
  });

  it('is as the server says, but for what it has not heard', () => {
    const off = switched(ON_DUTY, 1000, null);
    expect(told(off, null)).toBe(off);
    expect(told(heard(off, 1), null)).toEqual(ON_DUTY);
    expect(told(ON_DUTY, 5000)).toEqual({ offSinceMs: 5000, untold: [] });
  });
});
