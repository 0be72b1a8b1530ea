/** Dense slots for sparse ids, so that state can live in typed arrays; freed slots are used again. */
export class SlotTable {
  private readonly slotById = new Map<number, number>();
  private readonly free: number[] = [];
  private end = 0;

  find(id: number): number | undefined {
    return this.slotById.get(id);
  }

  take(id: number): number {
    const known = this.slotById.get(id);
    if (known !== undefined) return known;
    const slot = this.free.pop() ?? this.end++;
    this.slotById.set(id, slot);
    return slot;
  }

  /** The freed slot, or undefined when the id had none. */
  release(id: number): number | undefined {
    const slot = this.slotById.get(id);
    if (slot === undefined) return undefined;
    this.slotById.delete(id);
    this.free.push(slot);
    return slot;
  }

  clear(): void {
    this.slotById.clear();
    this.free.length = 0;
    this.end = 0;
  }

  entries(): IterableIterator<[id: number, slot: number]> {
    return this.slotById.entries();
  }
}
