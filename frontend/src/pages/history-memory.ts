/** Keeps the address of the history page as what it shows. */
import { formatHistoryAddress, type HistoryAddress } from '../history/address.ts';

/** Browsers limit how often an address may change. */
const AFTER_MS = 400;

export class HistoryMemory {
  readonly #address: () => HistoryAddress | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `address` gives null while there is nothing to remember. */
  constructor(address: () => HistoryAddress | null) {
    this.#address = address;
  }

  rememberSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const address = this.#address();
      if (address !== null) write('replaceState', address);
    }, AFTER_MS);
  }

  /** As a step that the reader can go back from. */
  step(address: HistoryAddress): void {
    clearTimeout(this.#timer);
    write('pushState', address);
  }
}

/** The moment to the second. */
function write(how: 'pushState' | 'replaceState', address: HistoryAddress): void {
  const cursorMs = address.cursorMs === null ? null : Math.round(address.cursorMs / 1_000) * 1_000;
  history[how](null, '', location.pathname + formatHistoryAddress({ ...address, cursorMs }));
}
