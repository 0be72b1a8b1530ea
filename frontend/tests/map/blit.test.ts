import { describe, expect, it } from 'vitest';
import { blend, blit, spriteOf } from '../../src/map/blit.ts';

const RED = 0xff0000ff;
const BLUE = 0xffff0000;
const HALF_RED = 0x800000ff;

function makePicture(width: number, height: number) {
  return { words: new Uint32Array(width * height), width, height };
}

/** 4 by 4 pixels, red. */
const SQUARE = spriteOf(new Uint32Array(16).fill(RED), 4);

describe('blit', () => {
  it('puts the centre where it is told', () => {
    const picture = makePicture(10, 10);
    blit(picture, SQUARE, 5, 4);
    const painted = [...picture.words.keys()].filter((i) => picture.words[i] === RED);
    expect(painted).toHaveLength(16);
    expect(painted[0]).toBe(2 * 10 + 3);
  });

  it.each([
    ['upper left', 0, 0, 4],
    ['lower right', 10, 10, 4],
    ['left edge', 0, 5, 8],
    ['outside', 20, 5, 0],
    ['far outside', -300, -5, 0],
  ])('cuts at the edge: %s', (_, x, y, count) => {
    const picture = makePicture(10, 10);
    blit(picture, SQUARE, x, y);
    expect(picture.words.filter((word) => word !== 0)).toHaveLength(count);
  });

  it('lets see through what is half transparent', () => {
    expect(blend(HALF_RED, BLUE) >>> 24).toBe(255);
    expect(blend(HALF_RED, BLUE) & 255).toBe(128);
    expect((blend(HALF_RED, BLUE) >>> 16) & 255).toBe(127);
  });

  it('takes only the pixels that can be seen', () => {
    const words = new Uint32Array(16);
    words[5] = RED;
    words[6] = 0x02ffffff;
    expect(spriteOf(words, 4)).toMatchObject({ dx: Int16Array.of(-1), dy: Int16Array.of(-1), reach: 1 });
  });
});
