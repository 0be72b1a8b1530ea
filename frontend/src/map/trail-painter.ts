/** Draws trails below the vehicles, in colours of speed, up to where each vehicle is drawn. */
import { SPEED_CLASSES } from '../trails/speed-classes.ts';
import type { Glides } from './glides.ts';
import { middleOf, type PictureView } from './picture-view.ts';
import { nearestCopy } from './projection.ts';
import type { Context } from './sprite-art.ts';
import { GAP, TRAIL_ROW } from './trail.ts';
import type { Theme } from './types.ts';

const WIDTH_PX = 4;
const EDGE_PX = 7;
/** A bend smaller than this cannot be seen. */
const SMALLEST_STEP_PX = 1.5;
/** The page's `--speed-…` are the same. */
const COLOURS: Record<Theme, { edge: string; speeds: readonly string[] }> = {
  light: {
    edge: 'rgb(255 255 255 / 85%)',
    speeds: ['#3b7dcc', '#5559c4', '#7c3fb4', '#a02890', '#b8125f'],
  },
  dark: {
    edge: 'rgb(11 16 23 / 85%)',
    speeds: ['#6cb6ff', '#9aa2ff', '#c08cff', '#e67be0', '#ff70ad'],
  },
};

export interface Line {
  speed: number;
  /** Pixels of the picture, x and y by turns. */
  places: number[];
}

export class TrailPainter {
  private readonly trails = new Map<number, Float64Array>();

  constructor(private readonly glides: Glides) {}

  /** Null takes it away. */
  set(slot: number, rows: Float64Array | null): void {
    if (rows === null) this.trails.delete(slot);
    else this.trails.set(slot, rows);
  }

  clear(): void {
    this.trails.clear();
  }

  /** Below what is in the picture already. */
  draw(context: Context, { view, theme, nowMs }: { view: PictureView; theme: Theme; nowMs: number }): void {
    if (this.trails.size === 0) return;
    const lines = [...this.trails].flatMap(([slot, rows]) =>
      this.glides.isDrawn(slot) ? linesOf(this.upTo(slot, rows, nowMs), view) : [],
    );
    strokeLines(context, lines, { theme, scale: view.scale });
  }

  /** The newest fix is where the vehicle will be; its trail ends where it is. */
  private upTo(slot: number, rows: Float64Array, nowMs: number): Float64Array {
    const drawn = rows.slice();
    const last = rows.length - TRAIL_ROW;
    if (last >= 0 && nowMs < (this.glides.endMs[slot] as number)) {
      drawn[last] = nearestCopy(this.glides.xAt(slot, nowMs), rows[last] as number);
      drawn[last + 1] = this.glides.yAt(slot, nowMs);
    }
    return drawn;
  }
}

/** Each in the colour of its speed, all with one edge, below what is in the picture already. */
export function strokeLines(
  context: Context,
  lines: readonly Line[],
  { theme, scale }: { theme: Theme; scale: number },
): void {
  context.globalCompositeOperation = 'destination-over';
  context.lineJoin = 'round';
  context.lineCap = 'round';
  const { edge, speeds } = COLOURS[theme];
  for (let speed = SPEED_CLASSES - 1; speed >= 0; speed--) {
    const own = lines.filter((line) => line.speed === speed);
    stroke(context, own, { colour: speeds[speed] as string, width: WIDTH_PX * scale });
  }
  stroke(context, lines, { colour: edge, width: EDGE_PX * scale });
  context.globalCompositeOperation = 'source-over';
}

/** All in one colour, with dashes, below what is in the picture already. */
export function strokeOwn(
  context: Context,
  lines: readonly Line[],
  {
    theme,
    scale,
    colour,
    dashes,
  }: { theme: Theme; scale: number; colour: string; dashes: readonly number[] },
): void {
  context.globalCompositeOperation = 'destination-over';
  context.lineJoin = 'round';
  context.lineCap = dashes.length === 0 ? 'round' : 'butt';
  context.setLineDash(dashes.map((length) => length * scale));
  stroke(context, lines, { colour, width: WIDTH_PX * scale });
  context.setLineDash([]);
  stroke(context, lines, { colour: COLOURS[theme].edge, width: EDGE_PX * scale });
  context.globalCompositeOperation = 'source-over';
}

/** One line for each stretch of one speed; a gap ends a line. */
export function linesOf(rows: Float64Array, view: PictureView): Line[] {
  const lines: Line[] = [];
  const centre = middleOf(view).x;
  const shift = rows.length === 0 ? 0 : nearestCopy(rows[0] as number, centre) - (rows[0] as number);
  let line = null as Line | null;
  let [lastX, lastY] = [0, 0];
  for (let i = 0; i < rows.length; i += TRAIL_ROW) {
    const x = ((rows[i] as number) + shift) * view.world - view.left;
    const y = (rows[i + 1] as number) * view.world - view.top;
    const speed = rows[i + 2] as number;
    const isLast = i + TRAIL_ROW >= rows.length;
    const isSmall = Math.hypot(x - lastX, y - lastY) < SMALLEST_STEP_PX;
    if (speed === GAP) line = null;
    else if (isSmall && !isLast && line?.speed === speed) continue;
    else {
      if (line?.speed !== speed) {
        line = { speed, places: [lastX, lastY] };
        lines.push(line);
      }
      line.places.push(x, y);
    }
    [lastX, lastY] = [x, y];
  }
  return lines;
}

function stroke(
  context: Context,
  lines: readonly Line[],
  { colour, width }: { colour: string; width: number },
): void {
  context.beginPath();
  for (const { places } of lines) {
    context.moveTo(places[0] as number, places[1] as number);
    for (let i = 2; i < places.length; i += 2) context.lineTo(places[i] as number, places[i + 1] as number);
  }
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}
