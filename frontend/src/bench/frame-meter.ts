/** What each frame costs the page's main thread. */

export interface Spread {
  n: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

export class FrameMeter {
  /** From the animation-frame callback to the first task after it: style, layout, paint and commit lie between. */
  private readonly frameMs: number[] = [];
  /** Between two animation frames. */
  private readonly gapMs: number[] = [];
  /** Taking in one message of the feed. */
  private readonly feedMs: number[] = [];
  private readonly afterFrame = new MessageChannel();
  private startMs = 0;
  private lastMs = 0;
  private resetMs = performance.now();

  constructor() {
    this.afterFrame.port1.onmessage = () => this.frameMs.push(performance.now() - this.startMs);
  }

  start(): void {
    requestAnimationFrame(() => this.start());
    this.startMs = performance.now();
    if (this.lastMs > 0) this.gapMs.push(this.startMs - this.lastMs);
    this.lastMs = this.startMs;
    this.afterFrame.port2.postMessage(null);
  }

  noteFeed(durationMs: number): void {
    this.feedMs.push(durationMs);
  }

  get frames(): number {
    return this.frameMs.length;
  }

  get messages(): number {
    return this.feedMs.length;
  }

  reset(): void {
    for (const values of [this.frameMs, this.gapMs, this.feedMs]) values.length = 0;
    this.lastMs = 0;
    this.resetMs = performance.now();
  }

  report() {
    const ms = performance.now() - this.resetMs;
    return {
      ms: Math.round(ms),
      fps: rounded((this.gapMs.length / ms) * 1_000),
      frame: spreadOf(this.frameMs),
      gap: spreadOf(this.gapMs),
      feed: spreadOf(this.feedMs),
    };
  }
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return value === undefined ? null : rounded(value);
  };
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
