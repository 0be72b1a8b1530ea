/** When the next picture is due: as soon as something can have moved half a device pixel, no sooner. */

/** A moved part of a pixel that the eye cannot tell. */
const VISIBLE_PX = 0.5;
/** Turned arrows and changed colours may wait this long, so that a batch costs one picture. */
const LOOK_DELAY_MS = 150;
/** Vehicles that move outside the picture may drive in. */
const LONGEST_WAIT_MS = 1_000;

export class RedrawSchedule {
  private dueMs = 0;

  get dueAtMs(): number {
    return this.dueMs;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.dueMs;
  }

  /** The view, or what is drawn, changed visibly: at the next frame. */
  noteJump(): void {
    this.dueMs = 0;
  }

  noteLook(nowMs: number): void {
    this.dueMs = Math.min(this.dueMs, nowMs + LOOK_DELAY_MS);
  }

  noteSpeed(pxPerMs: number, nowMs: number): void {
    if (pxPerMs > 0) this.dueMs = Math.min(this.dueMs, nowMs + waitMs(pxPerMs));
  }

  /** A picture was drawn; `fastestPxPerMs` over all that still glides, 0 when nothing does. */
  drawn(fastestPxPerMs: number, nowMs: number): void {
    this.dueMs = fastestPxPerMs > 0 ? nowMs + waitMs(fastestPxPerMs) : Number.POSITIVE_INFINITY;
  }
}

function waitMs(pxPerMs: number): number {
  return Math.min(VISIBLE_PX / pxPerMs, LONGEST_WAIT_MS);
}
