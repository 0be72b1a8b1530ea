/** Carries messages to the painter, calls it when a picture is due, and sleeps in between. */
import { clockMs } from './clock.ts';
import type { Painter } from './painter.ts';
import type { ToPainter } from './painter-messages.ts';
import type { PictureView } from './picture-view.ts';

/** Sooner than this the display's own beat is waited for, so that movement is even. */
const BEAT_MS = 20;

export class PaintLoop {
  private awake = true;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isBeatAwaited = false;

  constructor(
    private readonly painter: Painter,
    private readonly onPainted: (view: PictureView) => void,
    private readonly onUnnamed: (slots: readonly number[]) => void,
  ) {}

  setAwake(awake: boolean): void {
    this.awake = awake;
    this.wake();
  }

  /** To be called after anything that may have brought the next picture forward. */
  wake(): void {
    clearTimeout(this.timer);
    if (!this.awake || this.isBeatAwaited) return;
    const waitMs = this.painter.dueAtMs - clockMs();
    if (waitMs === Number.POSITIVE_INFINITY) return;
    if (waitMs > BEAT_MS) this.timer = setTimeout(() => this.wake(), waitMs - BEAT_MS / 2);
    else this.awaitBeat();
  }

  private awaitBeat(): void {
    this.isBeatAwaited = true;
    requestAnimationFrame(() => {
      this.isBeatAwaited = false;
      this.paint();
      this.wake();
    });
  }

  private paint(): void {
    const nowMs = clockMs();
    if (nowMs < this.painter.dueAtMs) return;
    const view = this.painter.paint(nowMs);
    if (view === null) return;
    this.onPainted(view);
    const unnamed = this.painter.takeUnnamed();
    if (unnamed.length > 0) this.onUnnamed(unnamed);
  }
}

export function obey(painter: Painter, loop: PaintLoop, message: ToPainter): void {
  if (message.kind === 'view') painter.show(message.view);
  else if (message.kind === 'rows') painter.apply(message.rows);
  else if (message.kind === 'clear') painter.clear();
  else if (message.kind === 'mark') painter.mark(message.marks);
  else if (message.kind === 'theme') painter.setTheme(message.theme);
  else if (message.kind === 'trail') painter.setTrail(message.slot, message.rows);
  else if (message.kind === 'labels') painter.setLabels(message.labels);
  else if (message.kind === 'signs') painter.setSigns(message.signs);
  else if (message.kind === 'names') painter.learnNames(message.names);
  else if (message.kind === 'forgetNames') painter.forgetNames(message.slots);
  else loop.setAwake(message.awake);
}
