/** Keeps the screen on while wanted, since a phone that sleeps measures nothing. A shell around the Screen Wake Lock. */
export class WakeLock {
  #isWanted = false;
  #lock: WakeLockSentinel | null = null;

  constructor() {
    document.addEventListener('visibilitychange', () => void this.#take());
  }

  get isHeld(): boolean {
    return this.#lock !== null && !this.#lock.released;
  }

  async want(isWanted: boolean): Promise<void> {
    this.#isWanted = isWanted;
    if (isWanted) await this.#take();
    else {
      await this.#lock?.release();
      this.#lock = null;
    }
  }

  /** The browser takes it back when the page is hidden; a low battery or an old browser refuse it. */
  async #take(): Promise<void> {
    if (!this.#isWanted || this.isHeld || document.visibilityState !== 'visible') return;
    this.#lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
  }
}
