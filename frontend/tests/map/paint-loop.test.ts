import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clockMs } from '../../src/map/clock.ts';
import { PaintLoop } from '../../src/map/paint-loop.ts';
import type { Painter } from '../../src/map/painter.ts';
import type { PictureView } from '../../src/map/picture-view.ts';

const VIEW: PictureView = { zoom: 1, scale: 1, world: 512, left: 0, top: 0, width: 8, height: 8 };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, 16));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A painter whose next picture is due as long after each as told. */
function makeLoop(everyMs: number) {
  const painter = {
    dueAtMs: 0,
    takeUnnamed: () => [],
    paint: (nowMs: number) => {
      painter.dueAtMs = nowMs + everyMs;
      return VIEW;
    },
  };
  const onPainted = vi.fn();
  return { loop: new PaintLoop(painter as unknown as Painter, onPainted, () => {}), painter, onPainted };
}

it('paints at the next beat, then when it is due', () => {
  const { loop, onPainted } = makeLoop(500);
  loop.wake();
  vi.advanceTimersByTime(20);
  expect(onPainted).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(450);
  expect(onPainted).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(600);
  expect(onPainted).toHaveBeenCalledTimes(3);
});

it('sleeps while nothing is due', () => {
  const { loop, painter, onPainted } = makeLoop(Number.POSITIVE_INFINITY);
  loop.wake();
  vi.advanceTimersByTime(60_000);
  expect(onPainted).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
  painter.dueAtMs = clockMs();
  loop.wake();
  vi.advanceTimersByTime(20);
  expect(onPainted).toHaveBeenCalledTimes(2);
});

it('paints nothing while nobody looks', () => {
  const { loop, onPainted } = makeLoop(500);
  loop.setAwake(false);
  loop.wake();
  vi.advanceTimersByTime(5_000);
  expect(onPainted).not.toHaveBeenCalled();
  loop.setAwake(true);
  vi.advanceTimersByTime(20);
  expect(onPainted).toHaveBeenCalledTimes(1);
});
