/** Draws every sprite once, for a theme and a size, and takes its pixels. */
import { type Sprite, spriteOf } from './blit.ts';
import { HEADINGS, SPRITE, SPRITE_COUNT } from './sprite-sheet.ts';
import type { Theme } from './types.ts';

export type Canvas = HTMLCanvasElement | OffscreenCanvas;
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
export type MakeCanvas = (width: number, height: number) => Canvas;

export interface SheetLook {
  theme: Theme;
  /** Device pixels for one pixel of the drawing. */
  scale: number;
}

export interface Palette {
  edge: string;
  moving: string;
  idle: string;
  stopped: string;
  faded: string;
  alarm: string;
  halo: string;
  hollow: string;
  ink: string;
  selection: string;
}

export type Draw = (context: Context, palette: Palette) => void;

/** Side of the square a sprite is drawn in: the alarm's halo and the selection's ring fit. */
const CELL_PX = 40;

const PALETTES: Record<Theme, Palette> = {
  light: {
    edge: '#ffffff',
    moving: '#0f7b3f',
    idle: '#c26a00',
    stopped: '#41506a',
    faded: '#76808f',
    alarm: '#d0182c',
    halo: 'rgb(208 24 44 / 24%)',
    hollow: '#f7f8fa',
    ink: '#17202c',
    selection: '#1257d6',
  },
  dark: {
    edge: '#0b1017',
    moving: '#3ddc84',
    idle: '#ffb347',
    stopped: '#a9b8d3',
    faded: '#8894a6',
    alarm: '#ff5364',
    halo: 'rgb(255 83 100 / 30%)',
    hollow: '#131a24',
    ink: '#e4e9f0',
    selection: '#66a3ff',
  },
};

export function contextOf(canvas: Canvas): Context {
  const context = canvas.getContext('2d', { willReadFrequently: true }) as Context | null;
  if (context === null) throw new Error('This browser gives no 2D canvas.');
  return context;
}

/** One sprite for each index of the sprite sheet. */
export function makeSprites(makeCanvas: MakeCanvas, look: SheetLook): Sprite[] {
  const drawings = Array.from({ length: SPRITE_COUNT }, (_, index) => drawingOf(index));
  return spritesOf(drawings, makeCanvas, { ...look, sidePx: CELL_PX });
}

/** The pixels of drawings about (0, 0) in a square of `sidePx`. */
export function spritesOf(
  drawings: readonly Draw[],
  makeCanvas: MakeCanvas,
  { theme, scale, sidePx }: SheetLook & { sidePx: number },
): Sprite[] {
  const size = 2 * Math.ceil((sidePx * scale) / 2);
  const context = contextOf(makeCanvas(size, size));
  return drawings.map((draw) => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, size, size);
    context.setTransform(scale, 0, 0, scale, size / 2, size / 2);
    draw(context, PALETTES[theme]);
    return spriteOf(new Uint32Array(context.getImageData(0, 0, size, size).data.buffer), size);
  });
}

export function drawingOf(index: number): Draw {
  if (index < HEADINGS) return turned(index, arrow('moving'));
  if (index < 2 * HEADINGS)
    return (context, palette) => {
      halo(context, palette);
      turned(index - HEADINGS, arrow('alarm'))(context, palette);
    };
  return SINGLES[index] ?? nothing;
}

const SINGLES: Record<number, Draw> = {
  [SPRITE.movingDot]: disc('moving', 5.5),
  [SPRITE.alarmDot]: (context, palette) => {
    halo(context, palette);
    disc('alarm', 6)(context, palette);
  },
  [SPRITE.idle]: ring('idle', 4.6, 3),
  [SPRITE.stopped]: square,
  [SPRITE.stale]: diamond,
  [SPRITE.offline]: slashedCircle,
  [SPRITE.unknown]: disc('faded', 3.5),
  [SPRITE.selection]: selection,
  [SPRITE.lift]: lift,
};

function nothing(): void {}

function turned(heading: number, draw: Draw): Draw {
  return (context, palette) => {
    context.rotate((heading / HEADINGS) * 2 * Math.PI);
    draw(context, palette);
  };
}

function arrow(colour: 'moving' | 'alarm'): Draw {
  return (context, palette) => {
    context.beginPath();
    context.moveTo(0, -9);
    context.lineTo(6.2, 7);
    context.lineTo(0, 3.8);
    context.lineTo(-6.2, 7);
    context.closePath();
    fillWithEdge(context, palette, colour);
  };
}

function disc(colour: 'moving' | 'alarm' | 'faded', radius: number): Draw {
  return (context, palette) => {
    circle(context, radius);
    fillWithEdge(context, palette, colour);
  };
}

function ring(colour: 'idle', radius: number, width: number): Draw {
  return (context, palette) => {
    circle(context, radius);
    context.fillStyle = palette.hollow;
    context.fill();
    outline(context, palette.edge, width + 2.6);
    outline(context, palette[colour], width);
  };
}

function square(context: Context, palette: Palette): void {
  context.beginPath();
  context.rect(-4.5, -4.5, 9, 9);
  fillWithEdge(context, palette, 'stopped');
}

function diamond(context: Context, palette: Palette): void {
  context.beginPath();
  context.moveTo(0, -6.5);
  context.lineTo(6.5, 0);
  context.lineTo(0, 6.5);
  context.lineTo(-6.5, 0);
  context.closePath();
  hollow(context, palette);
}

function slashedCircle(context: Context, palette: Palette): void {
  circle(context, 5.2);
  hollow(context, palette);
  context.beginPath();
  context.moveTo(-3.7, 3.7);
  context.lineTo(3.7, -3.7);
  outline(context, palette.faded, 1.8);
}

function hollow(context: Context, palette: Palette): void {
  outline(context, palette.edge, 4.2);
  context.fillStyle = palette.hollow;
  context.fill();
  outline(context, palette.faded, 1.8);
}

function halo(context: Context, palette: Palette): void {
  circle(context, 14);
  context.fillStyle = palette.halo;
  context.fill();
  outline(context, palette.alarm, 1.2);
}

function selection(context: Context, palette: Palette): void {
  circle(context, 15.5);
  outline(context, palette.edge, 5);
  outline(context, palette.selection, 2.6);
}

function lift(context: Context, palette: Palette): void {
  circle(context, 15.5);
  context.globalAlpha = 0.22;
  context.fillStyle = palette.selection;
  context.fill();
  context.globalAlpha = 1;
  outline(context, palette.selection, 1.4);
}

export function circle(context: Context, radius: number): void {
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
}

function fillWithEdge(
  context: Context,
  palette: Palette,
  colour: 'moving' | 'alarm' | 'stopped' | 'faded',
): void {
  context.lineJoin = 'round';
  outline(context, palette.edge, 2.8);
  context.fillStyle = palette[colour];
  context.fill();
}

export function outline(context: Context, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}
