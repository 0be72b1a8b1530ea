/** Moves the cursor by time, frame by frame, while it plays. */
import { type Span, stepped } from '../history/player.ts';

export interface HistoryPlayerOptions {
  now(): number;
  speed(): number;
  /** What is jumped over. */
  skipped(): readonly Span[];
  /** Where the last fix is. */
  endMs(): number;
  onMove(timeMs: number): void;
  onEnd(): void;
}

export class HistoryPlayer {
  readonly #options: HistoryPlayerOptions;
  #lastMs = 0;
  isPlaying = false;

  constructor(options: HistoryPlayerOptions) {
    this.#options = options;
  }

  play(): void {
    if (this.isPlaying) return;
    this.isPlaying = true;
    this.#lastMs = performance.now();
    requestAnimationFrame((nowMs) => this.#step(nowMs));
  }

  pause(): void {
    this.isPlaying = false;
  }

  #step(nowMs: number): void {
    if (!this.isPlaying) return;
    const { now, speed, skipped, endMs, onMove, onEnd } = this.#options;
    const elapsedMs = Math.max(0, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    const timeMs = stepped({ atMs: now(), speed: speed(), elapsedMs, skipped: skipped(), endMs: endMs() });
    onMove(timeMs);
    if (timeMs >= endMs()) {
      this.pause();
      onEnd();
    } else requestAnimationFrame((at) => this.#step(at));
  }
}
