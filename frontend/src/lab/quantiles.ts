/** The newest values of a stream, and where their quantiles lie. Pure. */

export class RecentValues {
  readonly #most: number;
  readonly #values: number[] = [];
  #next = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.#most;
  }

  /** The value that the share `q` of all does not exceed; null without any. */
  quantile(q: number): number | null {
    const sorted = this.#values.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
  }
}
