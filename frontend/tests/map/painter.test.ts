import { beforeAll, describe, expect, it, vi } from 'vitest';
import { HIDDEN } from '../../src/map/glides.ts';
import { Painter } from '../../src/map/painter.ts';
import type { PictureView } from '../../src/map/picture-view.ts';
import type { Canvas } from '../../src/map/sprite-art.ts';

class FakeImageData {
  readonly data: Uint8ClampedArray;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(width * height * 4);
  }
}

beforeAll(() => {
  vi.stubGlobal('ImageData', FakeImageData);
});

/** A canvas on which every drawing is one solid pixel in the middle. */
function makeCanvas(shown: FakeImageData[] = []): Canvas {
  const drawing = (size: number) => {
    const image = new FakeImageData(size, size);
    image.data.fill(255, ((size >> 1) * size + (size >> 1)) * 4, ((size >> 1) * size + (size >> 1) + 1) * 4);
    return image;
  };
  const context = new Proxy(
    {},
    {
      get: (_, name) => {
        if (name === 'getImageData') return (_x: number, _y: number, size: number) => drawing(size);
        if (name === 'putImageData') return (image: FakeImageData) => shown.push(image);
        return () => undefined;
      },
      set: () => true,
    },
  );
  return { width: 0, height: 0, getContext: () => context } as unknown as Canvas;
}

/** 100 by 80 pixels in the middle of a world of 1,000. */
const VIEW: PictureView = { zoom: 13, scale: 1, world: 1_000, left: 450, top: 460, width: 100, height: 80 };

interface RowFields {
  slot?: number;
  from?: [x: number, y: number];
  to?: [x: number, y: number];
  sprite?: number;
}

function makeRow({ slot = 0, from = [0.5, 0.5], to = from, sprite = 0 }: RowFields): Float64Array {
  return Float64Array.of(slot, ...from, ...to, 0, to === from ? 0 : 1_000, sprite);
}

function makePainter() {
  const shown: FakeImageData[] = [];
  const painter = new Painter(makeCanvas(shown), () => makeCanvas());
  const painted = (nowMs: number): [x: number, y: number][] => {
    painter.paint(nowMs);
    const words = new Uint32Array(shown.at(-1)?.data.buffer ?? new ArrayBuffer(0));
    return [...words.keys()]
      .filter((i) => words[i] !== 0)
      .map((i) => [i % VIEW.width, Math.floor(i / VIEW.width)]);
  };
  return { painter, painted };
}

describe('Painter', () => {
  it('has nothing to do before it knows the view', () => {
    const { painter } = makePainter();
    painter.apply(makeRow({}));
    expect(painter.dueAtMs).toBe(Number.POSITIVE_INFINITY);
    expect(painter.paint(0)).toBeNull();
  });

  it('draws a vehicle on its way', () => {
    const { painter, painted } = makePainter();
    painter.show(VIEW);
    painter.apply(makeRow({ from: [0.46, 0.5], to: [0.48, 0.51] }));
    expect(painted(0)).toEqual([[10, 40]]);
    expect(painted(500)).toEqual([[20, 45]]);
    expect(painted(5_000)).toEqual([[30, 50]]);
  });

  it('draws neither what is hidden nor what is out of view', () => {
    const { painter, painted } = makePainter();
    painter.show(VIEW);
    painter.apply(makeRow({ slot: 0, sprite: HIDDEN }));
    painter.apply(makeRow({ slot: 1, from: [0.9, 0.5] }));
    expect(painted(0)).toEqual([]);
  });

  it('waits until the fastest has moved half a pixel, and rests when all have arrived', () => {
    const { painter } = makePainter();
    painter.show(VIEW);
    painter.apply(makeRow({ from: [0.46, 0.5], to: [0.48, 0.5] }));
    painter.paint(100);
    expect(painter.dueAtMs).toBeCloseTo(125);
    painter.paint(1_000);
    expect(painter.dueAtMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('is woken by what can be seen only', () => {
    const { painter } = makePainter();
    painter.show(VIEW);
    painter.apply(makeRow({}));
    painter.paint(0);
    painter.apply(makeRow({}));
    painter.apply(makeRow({ slot: 7, from: [0.1, 0.1] }));
    expect(painter.dueAtMs).toBe(Number.POSITIVE_INFINITY);
    painter.apply(makeRow({ sprite: 9 }));
    expect(painter.dueAtMs).toBe(150);
    painter.apply(makeRow({ from: [0.52, 0.5] }));
    expect(painter.dueAtMs).toBe(0);
  });

  it('looks once a second for what may drive in', () => {
    const { painter } = makePainter();
    painter.show(VIEW);
    painter.paint(0);
    painter.apply(makeRow({ from: [0.1, 0.5], to: [0.5, 0.5] }));
    expect(painter.dueAtMs).toBe(1_000);
    painter.paint(100);
    expect(painter.dueAtMs).toBe(1_100);
  });

  it('draws the copy of the world that is looked at', () => {
    const { painter, painted } = makePainter();
    painter.show({ ...VIEW, left: 950 });
    painter.apply(makeRow({ from: [0.01, 0.5] }));
    expect(painted(0)).toEqual([[60, 40]]);
  });

  it('forgets all when cleared', () => {
    const { painter, painted } = makePainter();
    painter.show(VIEW);
    painter.apply(makeRow({}));
    painter.clear();
    expect(painted(0)).toEqual([]);
  });
});
