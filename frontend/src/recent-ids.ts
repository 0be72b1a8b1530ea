/** What happened once is told once: the ids that were seen lately, a bounded number of them. */

export class RecentIds {
  readonly #most: number;
  readonly #ids = new Set<number | string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether it was new. */
  add(id: number | string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > this.#most) {
      const [oldest = id] = this.#ids;
      this.#ids.delete(oldest);
    }
    return true;
  }
}
