/** Keeps the address of the page as what it shows. */
import { formatUrlState, type UrlState } from '../url-state.ts';

/** Browsers limit how often an address may change. */
const AFTER_MS = 400;

export class LiveAddress {
  readonly #state: () => UrlState | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `state` gives null while the address still knows better. */
  constructor(state: () => UrlState | null) {
    this.#state = state;
  }

  rememberSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#remember(), AFTER_MS);
  }

  #remember(): void {
    const state = this.#state();
    if (state !== null) history.replaceState(null, '', location.pathname + formatUrlState(state));
  }
}
