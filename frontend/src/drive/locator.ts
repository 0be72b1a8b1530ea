/** Where the phone is, as its receiver says. A shell around geolocation. */
import type { Position } from './fix.ts';
import type { Locating } from './words.ts';

export interface LocatorListener {
  located(position: Position): void;
  /** Before the first position, and when there is none. */
  changed(locating: Locating): void;
}

const WATCH = { enableHighAccuracy: true, maximumAge: 0, timeout: 30_000 };
const DENIED = 1;
/** Some receivers tell nothing while nothing moves. */
const ASK_AFTER_MS = 55_000;

export class Locator {
  readonly #listener: LocatorListener;
  #watch: number | null = null;
  #heardAtMs = 0;

  constructor(listener: LocatorListener) {
    this.#listener = listener;
  }

  start(): void {
    if (this.#watch !== null) return;
    this.#listener.changed('searching');
    this.#heardAtMs = Date.now();
    this.#watch = navigator.geolocation.watchPosition(this.#locate, this.#fail, WATCH);
  }

  stop(): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
  }

  /** From time to time. */
  tick(): void {
    if (this.#watch === null || Date.now() - this.#heardAtMs < ASK_AFTER_MS) return;
    this.#heardAtMs = Date.now();
    navigator.geolocation.getCurrentPosition(this.#locate, () => undefined, WATCH);
  }

  #locate = (position: Position): void => {
    if (this.#watch === null) return;
    this.#heardAtMs = Date.now();
    this.#listener.changed('found');
    this.#listener.located(position);
  };

  #fail = ({ code }: { readonly code: number }): void => {
    this.#listener.changed(code === DENIED ? 'denied' : 'missing');
  };
}
