/** Records while it is wanted: asks the receiver, keeps what is worth it, and knows of gaps. Moves; `sampling.ts` decides. */

import { t } from '../texts.ts';
import { type DriveFix, fixOf, type Position } from './fix.ts';
import { Locator } from './locator.ts';
import type { Outbox } from './outbox.ts';
import { type Gap, gapBefore } from './outbox-rules.ts';
import { isWorthKeeping } from './sampling.ts';
import { WakeLock } from './wake-lock.ts';
import type { Locating } from './words.ts';

export interface RecorderListener {
  /** One more waits. */
  recorded(): void;
  changed(): void;
}

export class Recorder {
  readonly #outbox: Outbox;
  readonly #listener: RecorderListener;
  readonly #locator = new Locator({
    located: (position) => void this.#take(position),
    changed: (locating) => this.#note(locating),
  });
  readonly #wakeLock = new WakeLock();
  /** The one kept before; null when recording has just begun. */
  #last: DriveFix | null = null;
  isRecording = false;
  /** The newest measured, kept or not. */
  measured: DriveFix | null = null;
  locating: Locating = 'searching';
  gap: Gap | null = null;
  thinned = 0;
  keepingProblem = '';

  constructor(outbox: Outbox, listener: RecorderListener) {
    this.#outbox = outbox;
    this.#listener = listener;
  }

  get isAwake(): boolean {
    return this.#wakeLock.isHeld;
  }

  get lastFixMs(): number | null {
    return this.#last?.fix_time ?? null;
  }

  /** Goes on where it was when the page closed. */
  async resume(): Promise<void> {
    this.#last = await this.#outbox.find('last');
    this.thinned = (await this.#outbox.find('thinned')) ?? 0;
    this.#run();
  }

  async begin(): Promise<void> {
    this.isRecording = true;
    this.#last = null;
    this.measured = null;
    this.gap = null;
    await this.#outbox.forget('last');
    if (this.isRecording) this.#run();
  }

  end(): void {
    this.isRecording = false;
    this.#locator.stop();
    void this.#wakeLock.want(false);
  }

  /** Every second. */
  tick(): void {
    this.#locator.tick();
  }

  #run(): void {
    this.isRecording = true;
    this.#locator.start();
    void this.#wakeLock.want(true).then(() => this.#listener.changed());
  }

  async #take(position: Position): Promise<void> {
    const fix = fixOf(position);
    this.measured = fix;
    if (!this.isRecording || !isWorthKeeping(this.#last, fix)) return;
    this.gap = gapBefore(this.lastFixMs, fix.fix_time) ?? this.gap;
    this.#last = fix;
    try {
      this.thinned += await this.#outbox.append(fix);
      this.keepingProblem = '';
      this.#listener.recorded();
    } catch (error) {
      this.keepingProblem = t('The phone keeps no more: {error}', {
        error: error instanceof Error ? error.message : String(error),
      });
      this.#listener.changed();
    }
  }

  #note(locating: Locating): void {
    this.locating = locating;
    this.#listener.changed();
  }
}
