/** Vehicles in the order of their names, kept so as they come and go one by one or ten thousand at once. */

export interface Keyed {
  readonly id: number;
  readonly key: string;
}

export class NameOrder<T extends Keyed> {
  #sorted: T[] = [];
  readonly #coming = new Set<T>();
  readonly #going = new Set<T>();

  add(item: T): void {
    this.#coming.add(item);
  }

  /** Before its key changes, when it is added anew. */
  remove(item: T): void {
    if (!this.#coming.delete(item)) this.#going.add(item);
  }

  /** The same array as long as nothing came or went. */
  list(): readonly T[] {
    if (this.#coming.size === 0 && this.#going.size === 0) return this.#sorted;
    const staying =
      this.#going.size === 0 ? this.#sorted : this.#sorted.filter((item) => !this.#going.has(item));
    this.#sorted = merge(staying, [...this.#coming].sort(compare));
    this.#coming.clear();
    this.#going.clear();
    return this.#sorted;
  }
}

function merge<T extends Keyed>(left: readonly T[], right: readonly T[]): T[] {
  const merged: T[] = [];
  let next = 0;
  for (const item of left) {
    for (let other = right[next]; other !== undefined && compare(other, item) < 0; other = right[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(item);
  }
  return merged.concat(right.slice(next));
}

function compare(a: Keyed, b: Keyed): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.id - b.id;
}
