/** Paints a track in colours of speed and its stops as squares: the same in a worker and on the page. */
import type { PictureView } from './picture-view.ts';
import { middleOf } from './picture-view.ts';
import { nearestCopy } from './projection.ts';
import { type Canvas, type Context, contextOf } from './sprite-art.ts';
import { linesOf, strokeLines, strokeOwn } from './trail-painter.ts';
import type { Theme } from './types.ts';

const SQUARE_PX = 12;
const SQUARE_EDGE_PX = 2;
/** The page's `--stopped` is the same. */
const SQUARES: Record<Theme, { fill: string; edge: string }> = {
  light: { fill: '#41506a', edge: '#ffffff' },
  dark: { fill: '#a9b8d3', edge: '#0b1017' },
};

/** By its place in a company: colour and dashes (in pixels of the page). The page's `--own-…` are the same. */
const OWN_COLOURS: Record<Theme, readonly string[]> = {
  light: ['#1257d6', '#c2410c', '#0f7b3f', '#a02890', '#0e7490', '#854d0e', '#6b3fc0', '#b91c3c'],
  dark: ['#66a3ff', '#ff9a5c', '#3ddc84', '#e67be0', '#4fd1e5', '#d8a657', '#b79bff', '#ff7089'],
};
const OWN_DASHES: readonly (readonly number[])[] = [
  ...[[], [14, 8], [2, 8], [16, 7, 2, 7]],
  ...[
    [7, 7],
    [24, 8],
    [2, 6, 2, 12],
    [12, 6, 2, 6, 2, 6],
  ],
];

export interface DrawnTrack {
  /** Its place among several; null: it is alone, in colours of speed. */
  readonly own: number | null;
  /** As `rowsOf` gives them. */
  readonly rows: Float64Array;
  /** Places on the unit square, x and y by turns. */
  readonly stops: Float64Array;
}

export interface TrackLook {
  readonly view: PictureView;
  readonly theme: Theme;
}

/** The first one above all others. */
export function paintTracks(canvas: Canvas, tracks: readonly DrawnTrack[], { view, theme }: TrackLook): void {
  canvas.width = view.width;
  canvas.height = view.height;
  const context = contextOf(canvas);
  for (const { own, rows, stops } of tracks) {
    const fill = own === null ? SQUARES[theme].fill : (OWN_COLOURS[theme][own] as string);
    if (own !== null) context.globalCompositeOperation = 'destination-over';
    paintStops(context, stops, { view, fill, edge: SQUARES[theme].edge });
    const look = { theme, scale: view.scale };
    if (own === null) strokeLines(context, linesOf(rows, view), look);
    else strokeOwn(context, linesOf(rows, view), { ...look, colour: fill, dashes: OWN_DASHES[own] ?? [] });
  }
}

function paintStops(
  context: Context,
  stops: Float64Array,
  { view, fill, edge }: { view: PictureView; fill: string; edge: string },
): void {
  const size = SQUARE_PX * view.scale;
  const centre = middleOf(view).x;
  context.fillStyle = fill;
  context.strokeStyle = edge;
  context.lineWidth = SQUARE_EDGE_PX * view.scale;
  for (let i = 0; i < stops.length; i += 2) {
    const x = nearestCopy(stops[i] as number, centre) * view.world - view.left - size / 2;
    const y = (stops[i + 1] as number) * view.world - view.top - size / 2;
    context.fillRect(x, y, size, size);
    context.strokeRect(x, y, size, size);
  }
}
