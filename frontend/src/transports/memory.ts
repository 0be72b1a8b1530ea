/** Which way got through lately, kept beyond the page. */
import { REMEMBER_MS, type Remembered, RUNGS } from '../ladder.ts';
import type { TransportName } from './transport.ts';

const KEY = 'fleet-transport';

export class TransportMemory {
  readonly #storage: Storage;
  readonly #nowMs: () => number;

  constructor(storage: Storage = localStorage, nowMs: () => number = Date.now) {
    this.#storage = storage;
    this.#nowMs = nowMs;
  }

  load(): Remembered | null {
    const [name, untilMs] = (this.#storage.getItem(KEY) ?? '').split(' ');
    const leftMs = Number(untilMs) - this.#nowMs();
    const known = RUNGS.find((rung) => rung === name);
    return known !== undefined && leftMs > 0 && leftMs <= REMEMBER_MS ? { name: known, leftMs } : null;
  }

  remember(name: TransportName): void {
    this.#storage.setItem(KEY, `${name} ${this.#nowMs() + REMEMBER_MS}`);
  }

  forget(): void {
    this.#storage.removeItem(KEY);
  }
}
