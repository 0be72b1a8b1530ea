/** Paints a track in colours of speed and its stops as squares: the same in a worker and on the page. */
import type { PictureView } from './picture-view.ts';
import { middleOf } from './picture-view.ts';
import { nearestCopy } from './projection.ts';
import { type Canvas, type Context, contextOf } from './sprite-art.ts';
import { linesOf, strokeLines } from './trail-painter.ts';
import type { Theme } from './types.ts';

const SQUARE_PX = 12;
const SQUARE_EDGE_PX = 2;
/** The page's `--stopped` is the same. */
const SQUARES: Record<Theme, { fill: string; edge: string }> = {
  light: { fill: '#41506a', edge: '#ffffff' },
  dark: { fill: '#a9b8d3', edge: '#0b1017' },
};

export interface DrawnTrack {
  /** As `rowsOf` gives them. */
  readonly rows: Float64Array;
  /** Places on the unit square, x and y by turns. */
  readonly stops: Float64Array;
}

export interface TrackLook {
  readonly view: PictureView;
  readonly theme: Theme;
}

export function paintTrack(canvas: Canvas, { rows, stops }: DrawnTrack, { view, theme }: TrackLook): void {
  canvas.width = view.width;
  canvas.height = view.height;
  const context = contextOf(canvas);
  paintStops(context, stops, { view, theme });
  strokeLines(context, linesOf(rows, view), { theme, scale: view.scale });
}

function paintStops(context: Context, stops: Float64Array, { view, theme }: TrackLook): void {
  const size = SQUARE_PX * view.scale;
  const centre = middleOf(view).x;
  context.fillStyle = SQUARES[theme].fill;
  context.strokeStyle = SQUARES[theme].edge;
  context.lineWidth = SQUARE_EDGE_PX * view.scale;
  for (let i = 0; i < stops.length; i += 2) {
    const x = nearestCopy(stops[i] as number, centre) * view.world - view.left - size / 2;
    const y = (stops[i + 1] as number) * view.world - view.top - size / 2;
    context.fillRect(x, y, size, size);
    context.strokeRect(x, y, size, size);
  }
}
