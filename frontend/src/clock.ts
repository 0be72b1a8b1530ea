/** The server's clock as seen from here. */

/** Each sample is late by its way over the network, so the largest offset seen is the nearest to the truth. */
const SAMPLES = 8;

export class ServerClock {
  readonly #offsetsMs: number[] = [];
  #offsetMs = 0;

  /** A new connection may follow a sleep in which the local clock jumped. */
  restart(): void {
    this.#offsetsMs.length = 0;
  }

  hear(serverTimeMs: number, localTimeMs: number): void {
    this.#offsetsMs.push(serverTimeMs - localTimeMs);
    if (this.#offsetsMs.length > SAMPLES) this.#offsetsMs.shift();
    this.#offsetMs = Math.max(...this.#offsetsMs);
  }

  serverTimeMs(localTimeMs: number): number {
    return localTimeMs + this.#offsetMs;
  }
}
