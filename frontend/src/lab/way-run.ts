/** One way from start to stop: its client, its figures, and the last of what passed. */
import type { ServerClock } from '../clock.ts';
import { readMessage } from '../protocol.ts';
import { pushCapped } from './chart-scale.ts';
import { Meter } from './meter.ts';
import { Picture } from './picture.ts';
import type { Passage, StartWay, WayOptions, WayState } from './way.ts';

const KEPT_PASSAGES = 20;

export interface KeptPassage extends Passage {
  readonly atMs: number;
}

export class WayRun {
  readonly #start: StartWay;
  readonly #clock: ServerClock;
  #stop: (() => void) | null = null;
  meter = new Meter();
  picture = new Picture();
  /** Oldest first. */
  passages: KeptPassage[] = [];
  state: WayState | 'stopped' = 'stopped';

  constructor(start: StartWay, clock: ServerClock) {
    this.#start = start;
    this.#clock = clock;
  }

  get isRunning(): boolean {
    return this.#stop !== null;
  }

  /** All figures begin anew. */
  start(options: WayOptions): void {
    this.stop();
    this.meter = new Meter();
    this.picture = new Picture();
    this.passages = [];
    this.#stop = this.#start(options, {
      passed: (passage) => this.#keep(passage),
      heard: (messages) => {
        for (const message of messages) this.#hear(message);
      },
      became: (state) => {
        this.state = state;
      },
    });
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
    this.state = 'stopped';
  }

  #keep(passage: Passage): void {
    this.meter.note(passage);
    pushCapped(this.passages, { ...passage, atMs: Date.now() }, KEPT_PASSAGES);
  }

  #hear(value: unknown): void {
    const reading = readMessage(value);
    if (reading.kind !== 'message') return;
    const { message } = reading;
    const nowMs = Date.now();
    if (message.type === 'welcome' || message.type === 'heartbeat')
      this.#clock.hear(message.server_time, nowMs);
    if (message.type === 'snapshot' || message.type === 'delta') {
      this.meter.noteUpdates(this.picture.apply(message, this.#clock.serverTimeMs(nowMs)));
    }
  }
}
