/** The map as one picture: what Leaflet shows in its panes, from the lowest up, with the credits that maps must carry. */
import type { Map as LeafletMap } from 'leaflet';
import { contextOf } from './sprite-art.ts';

const PICTURES =
  '.leaflet-tile-pane :is(canvas, img), .leaflet-overlay-pane svg, .leaflet-vehicles-pane canvas';
const FOOT_PX = 20;
const FONT = '11px system-ui, sans-serif';

/** `note` stands in the lower left corner. Throws when a raster tile's server does not let its picture be copied. */
export async function takeSnapshot(map: LeafletMap, note: string): Promise<Blob> {
  const container = map.getContainer();
  const frame = container.getBoundingClientRect();
  const scale = window.devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(frame.width * scale);
  canvas.height = Math.round(frame.height * scale);
  const context = contextOf(canvas) as CanvasRenderingContext2D;
  context.scale(scale, scale);
  context.fillStyle = getComputedStyle(container).backgroundColor;
  context.fillRect(0, 0, frame.width, frame.height);
  for (const element of container.querySelectorAll<HTMLElement>(PICTURES)) {
    const { left, top, width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0) continue;
    context.drawImage(await drawable(element), left - frame.left, top - frame.top, width, height);
  }
  writeFoot(context, frame, { container, note });
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('no picture was made')) : resolve(blob)));
  });
}

async function drawable(element: Element): Promise<CanvasImageSource> {
  if (!(element instanceof SVGElement)) return element as HTMLCanvasElement | HTMLImageElement;
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(styled(element)))}`;
  await image.decode();
  return image;
}

/** A copy that needs no style sheet. */
function styled(drawing: SVGElement): SVGElement {
  const copy = drawing.cloneNode(true) as SVGElement;
  const { width, height } = drawing.getBoundingClientRect();
  copy.removeAttribute('style');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const originals = drawing.querySelectorAll('path');
  copy.querySelectorAll('path').forEach((path, i) => {
    const { stroke, fill, strokeWidth, strokeDasharray } = getComputedStyle(originals[i] as Element);
    path.setAttribute('stroke', stroke);
    path.setAttribute('fill', fill);
    path.setAttribute('stroke-width', strokeWidth);
    path.setAttribute('stroke-dasharray', strokeDasharray);
  });
  return copy;
}

function writeFoot(
  context: CanvasRenderingContext2D,
  { width, height }: DOMRect,
  { container, note }: { container: HTMLElement; note: string },
): void {
  const credits = container.querySelector('.leaflet-control-attribution')?.textContent ?? '';
  const scale = container.querySelector('.leaflet-control-scale-line');
  const { backgroundColor, color } = getComputedStyle(
    container.querySelector('.leaflet-control-attribution') ?? container,
  );
  context.fillStyle = backgroundColor;
  context.fillRect(0, height - FOOT_PX, width, FOOT_PX);
  context.font = FONT;
  context.textBaseline = 'middle';
  context.fillStyle = color;
  context.strokeStyle = color;
  const y = height - FOOT_PX / 2;
  context.fillText(note, 8, y);
  context.textAlign = 'right';
  context.fillText(credits, width - 8, y);
  if (scale === null) return;
  const scaleWidth = scale.getBoundingClientRect().width;
  const left = width / 2 - scaleWidth / 2;
  context.textAlign = 'center';
  context.fillText(scale.textContent ?? '', width / 2, y - 1);
  context.strokeRect(left, y + 7, scaleWidth, 0);
}
