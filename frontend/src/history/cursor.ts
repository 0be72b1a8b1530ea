/** The one moment that map, chart, strip and list show: where it was put, or what the pointer is at just now. Pure. */

export class Cursor {
  #putMs: number | null = null;
  #hoveredMs: number | null = null;
  readonly #onMove: (timeMs: number | null) => void;

  constructor(onMove: (timeMs: number | null) => void) {
    this.#onMove = onMove;
  }

  /** Where it stays when the pointer has left. */
  get putMs(): number | null {
    return this.#putMs;
  }

  get shownMs(): number | null {
    return this.#hoveredMs ?? this.#putMs;
  }

  put(timeMs: number | null): void {
    this.#putMs = timeMs;
    this.#hoveredMs = null;
    this.#onMove(this.shownMs);
  }

  /** Null: the pointer has left. */
  hover(timeMs: number | null): void {
    if (timeMs === this.#hoveredMs) return;
    this.#hoveredMs = timeMs;
    this.#onMove(this.shownMs);
  }
}
