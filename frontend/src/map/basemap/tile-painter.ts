/** Draws one tile of the own basemap: land, borders, streets by class. */
import { TILE_PX, worldPx } from '../projection.ts';
import type { Context } from '../sprite-art.ts';
import type { Theme } from '../types.ts';
import { type BasemapData, NAME_FONT, type World } from './basemap-data.ts';
import { BASEMAP_COLOURS, type Colours, STREET_STYLES, type StreetStyle, widthPx } from './basemap-style.ts';
import { clipRing } from './clip.ts';
import { namesWithin, type StreetName } from './street-names.ts';
import { type Box, type Lines, linesWithin, type Streets } from './streets.ts';

/** Streets whose middle lies outside still reach into a tile. */
const REACH_PX = 24;
/** The world's outline is off by kilometres; nearer than this it would flood the harbour. */
const COAST_TO_ZOOM = 10;
const NAMES_FROM_ZOOM = 14;

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
  if (frame.zoom <= COAST_TO_ZOOM) drawWorld(pen, data.world, box, colours);
  else pen.fillAll(frame.sizePx, colours.land);
  const ways = linesWithin(data.streets, box);
  if (ways.length === 0) return;
  for (const part of ['casing', 'fill'] as const)
    drawStreets(pen, data.streets, { ways, part, colours, zoom: frame.zoom });
  if (frame.zoom >= NAMES_FROM_ZOOM) {
    pen.write(namesWithin(data.names(context, frame.zoom), frame.zoom, box), colours);
  }
}

function drawWorld(pen: Pen, { land, borders }: World, box: Box, colours: Colours): void {
  pen.fillAll(TILE_PX, colours.sea);
  pen.fill(land, linesWithin(land, box), box, colours.land);
  pen.stroke(borders, linesWithin(borders, box), colours.border, 1);
}

interface StreetPass {
  ways: readonly number[];
  part: 'casing' | 'fill';
  colours: Colours;
  zoom: number;
}

function drawStreets(pen: Pen, streets: Streets, { ways, part, colours, zoom }: StreetPass): void {
  for (const style of STREET_STYLES) {
    const width = widthPx(style, zoom, part);
    if (width > 0) pen.stroke(streets, ofClasses(streets, ways, style), colours[style[part]], width);
  }
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

  fillAll(sizePx: number, colour: string): void {
    this.context.fillStyle = colour;
    this.context.fillRect(0, 0, sizePx, sizePx);
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

  write(names: readonly StreetName[], colours: Colours): void {
    const { context } = this;
    context.font = NAME_FONT;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.strokeStyle = colours.textHalo;
    context.lineWidth = 3;
    context.fillStyle = colours.text;
    for (const { text, x, y, angle } of names) {
      context.save();
      context.translate(x * this.perUnit - this.left, y * this.perUnit - this.top);
      context.rotate(angle);
      context.strokeText(text, 0, 0);
      context.fillText(text, 0, 0);
      context.restore();
    }
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
