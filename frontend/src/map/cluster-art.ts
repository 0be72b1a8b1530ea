/** A cluster's looks: a disc in the colour of its worst status, that status as a badge, and the count in digits; all of sprites. */
import { blit, type Picture, type Sprite } from './blit.ts';
import { type Cluster, radiusOf } from './cluster-grid.ts';
import {
  circle,
  type Draw,
  drawingOf,
  type MakeCanvas,
  outline,
  type Palette,
  type SheetLook,
  spritesOf,
} from './sprite-art.ts';
import { spriteFor } from './sprite-sheet.ts';
import type { DrawStatus } from './types.ts';

/** Side of the square that a disc with its badge is drawn in. */
const CELL_PX = 56;
const STATUSES: readonly DrawStatus[] = [0, 1, 2, 3, 4, 5, 6];
const COLOURS: readonly (keyof Palette)[] = ['faded', 'moving', 'idle', 'stopped', 'faded', 'faded', 'alarm'];
/** One for each radius that discs come in. */
const COUNTS = [1, 10, 100, 1_000];
const GLYPHS = '0123456789.k';
const FONT_PX = 12;
/** Of one digit, as most fonts have it; digits are all as wide. */
const ADVANCE_PX = 7;
const POINT_ADVANCE_PX = 4;
const BADGE_SIZE = 0.8;

export interface ClusterArt {
  draw(picture: Picture, cluster: Cluster): void;
}

export function makeClusterArt(makeCanvas: MakeCanvas, look: SheetLook): ClusterArt {
  const discs = COUNTS.map((count) => {
    const drawings = STATUSES.map((status) => disc(status, radiusOf(count)));
    return spritesOf(drawings, makeCanvas, { ...look, sidePx: CELL_PX });
  });
  const glyphs = spritesOf([...GLYPHS].map(glyph), makeCanvas, { ...look, sidePx: 2 * FONT_PX });
  return {
    draw: (picture, { x, y, count, status }) => {
      const size = COUNTS.findLastIndex((least) => count >= least);
      blit(picture, discs[size]?.[status] as Sprite, x, y);
      writeCount(picture, { x, y, text: countText(count), glyphs, scale: look.scale });
    },
  };
}

/** At most three figures: 7, 128, 1.2k, 34k. */
export function countText(count: number): string {
  if (count < 1_000) return String(count);
  const thousands = Math.floor(count / 100) / 10;
  return thousands < 10 ? `${thousands.toFixed(1)}k` : `${Math.floor(thousands)}k`;
}

function writeCount(
  picture: Picture,
  { x, y, text, glyphs, scale }: { x: number; y: number; text: string; glyphs: Sprite[]; scale: number },
): void {
  const advances = [...text].map((letter) => (letter === '.' ? POINT_ADVANCE_PX : ADVANCE_PX) * scale);
  let left = x - advances.reduce((sum, advance) => sum + advance, 0) / 2;
  [...text].forEach((letter, i) => {
    const advance = advances[i] as number;
    blit(picture, glyphs[GLYPHS.indexOf(letter)] as Sprite, Math.round(left + advance / 2), y);
    left += advance;
  });
}

function disc(status: DrawStatus, radius: number): Draw {
  return (context, palette) => {
    circle(context, radius);
    outline(context, palette.edge, 4.4);
    context.fillStyle = palette.hollow;
    context.fill();
    outline(context, palette[COLOURS[status] as keyof Palette], 2);
    const edge = radius * Math.SQRT1_2;
    context.translate(edge, -edge);
    context.scale(BADGE_SIZE, BADGE_SIZE);
    drawingOf(spriteFor(status, status === 1 ? 0 : null))(context, palette);
  };
}

function glyph(letter: string): Draw {
  return (context, palette) => {
    context.font = `600 ${FONT_PX}px system-ui, sans-serif`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = palette.ink;
    context.fillText(letter, 0, 0.5);
  };
}
