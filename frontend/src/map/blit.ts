/**
 * Copies sprites into a picture pixel by pixel: at thousands of small pictures much cheaper than as many canvas calls.
 *
 * Pixels are 32-bit words as ImageData holds them on little-endian machines: alpha, blue, green, red; alpha not multiplied in.
 */

/** The pixels of a sprite that are not empty, relative to its centre. */
export interface Sprite {
  dx: Int16Array;
  dy: Int16Array;
  colour: Uint32Array;
  /** No pixel lies further from the centre, in x or in y. */
  reach: number;
}

export interface Picture {
  words: Uint32Array;
  width: number;
  height: number;
}

/** Draws the sprite with its centre at whole pixel (x, y), cut at the edges of the picture. */
export function blit(picture: Picture, sprite: Sprite, x: number, y: number): void {
  const { width, height } = picture;
  const { reach } = sprite;
  const isInside = x >= reach && y >= reach && x + reach < width && y + reach < height;
  if (isInside) blitInside(picture, sprite, y * width + x);
  else if (x > -reach && y > -reach && x < width + reach && y < height + reach)
    blitCut(picture, sprite, x, y);
}

function blitInside({ words, width }: Picture, { dx, dy, colour }: Sprite, centre: number): void {
  for (let i = 0; i < colour.length; i++)
    put(words, centre + (dy[i] as number) * width + (dx[i] as number), colour[i] as number);
}

function blitCut({ words, width, height }: Picture, { dx, dy, colour }: Sprite, x: number, y: number): void {
  for (let i = 0; i < colour.length; i++) {
    const px = x + (dx[i] as number);
    const py = y + (dy[i] as number);
    if (px >= 0 && py >= 0 && px < width && py < height) put(words, py * width + px, colour[i] as number);
  }
}

function put(words: Uint32Array, index: number, colour: number): void {
  const below = words[index] as number;
  words[index] = below === 0 || colour >>> 24 === 255 ? colour : blend(colour, below);
}

/** Source over destination, neither premultiplied. */
export function blend(over: number, under: number): number {
  const overAlpha = over >>> 24;
  const underShare = ((under >>> 24) * (255 - overAlpha)) / 255;
  const alpha = overAlpha + underShare;
  const mix = (shift: number) =>
    Math.round((((over >>> shift) & 255) * overAlpha + ((under >>> shift) & 255) * underShare) / alpha);
  return ((Math.round(alpha) << 24) | (mix(16) << 16) | (mix(8) << 8) | mix(0)) >>> 0;
}

/** Collects the pixels of a square drawing of `size` pixels whose centre lies in its middle. */
export function spriteOf(words: Uint32Array, size: number): Sprite {
  const faintest = 8;
  const half = size >> 1;
  const indexes = [...words.keys()].filter((i) => (words[i] as number) >>> 24 > faintest);
  const dx = Int16Array.from(indexes, (i) => (i % size) - half);
  const dy = Int16Array.from(indexes, (i) => Math.floor(i / size) - half);
  const reach = Math.max(0, ...dx.map(Math.abs), ...dy.map(Math.abs));
  return { dx, dy, colour: Uint32Array.from(indexes, (i) => words[i] as number), reach };
}
