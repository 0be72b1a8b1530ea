import { describe, expect, it } from 'vitest';
import { ServerClock } from '../src/clock.ts';

describe('ServerClock', () => {
  it('believes the message that was on its way the shortest', () => {
    const clock = new ServerClock();
    clock.hear(10_000, 500);
    clock.hear(11_000, 1300);
    clock.hear(12_000, 2900);
    expect(clock.serverTimeMs(3000)).toBe(12_700);
  });

  it('forgets what it knew before a new connection', () => {
    const clock = new ServerClock();
    clock.hear(99_000, 0);
    clock.restart();
    clock.hear(1000, 900);
    expect(clock.serverTimeMs(1000)).toBe(1100);
  });
});
