/** Draws one tile of the own basemap: land, borders, streets by class. */
import { worldPx } from '../projection.ts';
import type { Context } from '../sprite-art.ts';
import type { Theme } from '../types.ts';
import { BASEMAP_COLOURS, STREET_STYLES, type StreetStyle, widthPx } from './basemap-style.ts';
import { clipRing } from './clip.ts';
import { type Box, type Lines, linesWithin, type Streets } from './streets.ts';

/** Streets whose middle lies outside still reach into a tile. */
const REACH_PX = 24;

export interface World {
  land: Lines;
  borders: Lines;
}

export interface BasemapData {
  streets: Streets;
  world: World;
}

export interface TileFrame {
  x: number;
  y: number;
  zoom: number;
  sizePx: number;
}

export function drawTile(context: Context, data: BasemapData, frame: TileFrame, theme: Theme): void {
  const box = boxOf(frame, REACH_PX);
  const pen = new Pen(context, frame);
  const colours = BASEMAP_COLOURS[theme];
  drawWorld(pen, data.world, box, frame, colours);
  const ways = linesWithin(data.streets, box);
  if (ways.length === 0) return;
  for (const [part, colourOf] of [
    ['casing', (style: StreetStyle) => colours[style.casing]],
    ['fill', (style: StreetStyle) => colours[style.fill]],
  ] as const) {
    for (const style of STREET_STYLES) {
      const width = widthPx(style, frame.zoom, part);
      if (width === 0) continue;
      pen.stroke(data.streets, ofClasses(data.streets, ways, style), colourOf(style), width);
    }
  }
}

function drawWorld(
  pen: Pen,
  world: World,
  box: Box,
  frame: TileFrame,
  colours: Record<string, string>,
): void {
  void frame;
  pen.fill(world.land, linesWithin(world.land, box), box, colours.land as string);
  pen.stroke(world.borders, linesWithin(world.borders, box), colours.border as string, 1);
}

function ofClasses(streets: Streets, ways: readonly number[], style: StreetStyle): number[] {
  return ways.filter((way) =>
    style.classes.includes(streets.classes[streets.classOf[way] as number] as string),
  );
}

function boxOf({ x, y, zoom, sizePx }: TileFrame, reachPx: number): Box {
  const tiles = worldPx(zoom) / sizePx;
  const reach = reachPx / worldPx(zoom);
  return {
    west: x / tiles - reach,
    north: y / tiles - reach,
    east: (x + 1) / tiles + reach,
    south: (y + 1) / tiles + reach,
  };
}

/** Puts lines given in units onto the tile's canvas. */
class Pen {
  private readonly perUnit: number;
  private readonly left: number;
  private readonly top: number;

  constructor(
    private readonly context: Context,
    { x, y, zoom, sizePx }: TileFrame,
  ) {
    this.perUnit = worldPx(zoom);
    this.left = x * sizePx;
    this.top = y * sizePx;
    context.lineCap = 'round';
    context.lineJoin = 'round';
  }

  stroke(lines: Lines, indexes: readonly number[], colour: string, width: number): void {
    this.context.beginPath();
    for (const i of indexes)
      this.trace(lines.points, lines.starts[i] as number, lines.starts[i + 1] as number);
    this.context.strokeStyle = colour;
    this.context.lineWidth = width;
    this.context.stroke();
  }

  fill(lines: Lines, indexes: readonly number[], box: Box, colour: string): void {
    this.context.beginPath();
    for (const i of indexes) {
      const ring = clipRing(
        lines.points.subarray(lines.starts[i] as number, lines.starts[i + 1] as number),
        box,
      );
      this.trace(ring, 0, ring.length);
    }
    this.context.fillStyle = colour;
    this.context.fill('evenodd');
  }

  private trace(points: Float64Array, start: number, end: number): void {
    for (let k = start; k < end; k += 2) {
      const x = (points[k] as number) * this.perUnit - this.left;
      const y = (points[k + 1] as number) * this.perUnit - this.top;
      if (k === start) this.context.moveTo(x, y);
      else this.context.lineTo(x, y);
    }
  }
}
