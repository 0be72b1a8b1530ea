/** Which part of the world a picture of the vehicles shows, in device pixels. */
import { type UnitPoint, unitX, unitY, worldPx } from './projection.ts';
import type { MapView } from './types.ts';

export interface PictureView {
  zoom: number;
  /** Device pixels per CSS pixel. */
  scale: number;
  /** Width of the world in device pixels. */
  world: number;
  /** The picture's corner in the world, whole device pixels. */
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Viewport {
  centre: MapView;
  widthPx: number;
  heightPx: number;
  scale: number;
  /** Drawn beyond every edge, so that a drag does not bare the map at once. */
  marginPx: number;
}

export function pictureViewOf({ centre, widthPx, heightPx, scale, marginPx }: Viewport): PictureView {
  const world = worldPx(centre.zoom) * scale;
  const width = Math.round((widthPx + 2 * marginPx) * scale);
  const height = Math.round((heightPx + 2 * marginPx) * scale);
  const left = Math.round(unitX(centre.lon) * world - width / 2);
  const top = Math.round(unitY(centre.lat) * world - height / 2);
  return { zoom: centre.zoom, scale, world, left, top, width, height };
}

/** The middle of the picture, in units. */
export function middleOf({ left, top, width, height, world }: PictureView): UnitPoint {
  return { x: (left + width / 2) / world, y: (top + height / 2) / world };
}

export function isSameView(a: PictureView | null, b: PictureView): boolean {
  return (
    a !== null &&
    a.left === b.left &&
    a.top === b.top &&
    a.world === b.world &&
    a.width === b.width &&
    a.height === b.height
  );
}
