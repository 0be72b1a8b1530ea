/** The painter's worker: takes rows and views, hands over finished pictures with the view they were drawn for. */
import { obey, PaintLoop } from './paint-loop.ts';
import { Painter } from './painter.ts';
import type { FromPainter, ToPainter } from './painter-messages.ts';

interface WorkerScope {
  onmessage: ((event: MessageEvent<ToPainter>) => void) | null;
  postMessage(message: FromPainter, transfer?: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;

function start(): void {
  const canvas = new OffscreenCanvas(1, 1);
  const painter = new Painter(canvas, (width, height) => new OffscreenCanvas(width, height));
  const loop = new PaintLoop(
    painter,
    (view) => {
      const bitmap = canvas.transferToImageBitmap();
      scope.postMessage({ kind: 'picture', bitmap, view, crowd: painter.crowd }, [bitmap]);
    },
    (slots) => scope.postMessage({ kind: 'unnamed', slots }),
  );
  scope.onmessage = ({ data }) => {
    obey(painter, loop, data);
    loop.wake();
  };
}

/** Workers of older browsers lack one or the other. */
if (typeof OffscreenCanvas === 'function' && typeof requestAnimationFrame === 'function') start();
else scope.postMessage({ kind: 'unable' });
