/** Where the pictures come from: a worker where the browser can, else the page itself. */
import type { Crowd } from './crowd.ts';
import { obey, PaintLoop } from './paint-loop.ts';
import { Painter } from './painter.ts';
import type { FromPainter, ToPainter } from './painter-messages.ts';
import type { PictureView } from './picture-view.ts';

export interface FinishedPicture {
  view: PictureView;
  crowd: Crowd | null;
  /** Puts it on the canvas; to be called once or never. */
  show(): void;
}

export interface PainterEvents {
  onPicture(picture: FinishedPicture): void;
  /** Names that are to be written and are not known. */
  onUnnamed(slots: readonly number[]): void;
  /** This painter has failed for good; another has to be made. */
  onUnable(): void;
}

export interface PainterClient {
  readonly canvas: HTMLCanvasElement;
  send(message: ToPainter, transfer?: Transferable[]): void;
  close(): void;
}

export function canPaintInWorker(): boolean {
  return (
    typeof Worker === 'function' &&
    typeof OffscreenCanvas === 'function' &&
    'transferToImageBitmap' in OffscreenCanvas.prototype &&
    typeof ImageBitmapRenderingContext === 'function'
  );
}

export function paintInWorker({ onPicture, onUnnamed, onUnable }: PainterEvents): PainterClient {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('bitmaprenderer');
  const worker = new Worker(new URL('./painter-worker.ts', import.meta.url), { type: 'module' });
  worker.onerror = onUnable;
  worker.onmessage = ({ data }: MessageEvent<FromPainter>) => {
    if (data.kind === 'unable') onUnable();
    else if (data.kind === 'unnamed') onUnnamed(data.slots);
    else onPicture({ ...data, show: () => context?.transferFromImageBitmap(data.bitmap) });
  };
  return {
    canvas,
    send: (message, transfer = []) => worker.postMessage(message, transfer),
    close: () => worker.terminate(),
  };
}

export function paintOnPage({ onPicture, onUnnamed }: PainterEvents): PainterClient {
  const canvas = document.createElement('canvas');
  const painter = new Painter(canvas, makePageCanvas);
  const loop = new PaintLoop(
    painter,
    (view) => onPicture({ view, crowd: painter.crowd, show: () => {} }),
    // Not while it is painting.
    (slots) => queueMicrotask(() => onUnnamed(slots)),
  );
  return {
    canvas,
    send: (message) => {
      obey(painter, loop, message);
      loop.wake();
    },
    close: () => loop.setAwake(false),
  };
}

export function makePageCanvas(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}
