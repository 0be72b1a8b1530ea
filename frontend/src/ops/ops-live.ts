/** The room of operations over the live client, and whether it is to be relied on. No DOM. */
import { ServerClock } from '../clock.ts';
import { Connection, type ConnectionListener } from '../connection.ts';
import type { Note, Welcome } from '../protocol.ts';
import type { OpenTransport, TransportName } from '../transports/transport.ts';

const ROOM = 'admin:ops';
/** Reports come every 2 s; two may be left out. */
const SILENT_AFTER_MS = 6000;

export interface OpsLiveListener {
  noted(note: Note): void;
}

export class OpsLive implements ConnectionListener {
  readonly #connection: Connection;
  readonly #listener: OpsLiveListener;
  readonly #clock = new ServerClock();
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(openTransport: OpenTransport, listener: OpsLiveListener) {
    this.#listener = listener;
    this.#connection = new Connection(openTransport, this);
  }

  start(): void {
    this.#connection.watch(ROOM);
    this.#connection.start();
  }

  nudge(): void {
    this.#connection.nudge();
  }

  /** Whether reports come by themselves; else somebody has to ask for them. */
  isReporting(nowMs: number): boolean {
    return nowMs - this.#reportedAtMs < SILENT_AFTER_MS;
  }

  get transport(): TransportName | null {
    return this.#connection.transportName;
  }

  get serverNowMs(): number {
    return this.#clock.serverTimeMs(Date.now());
  }

  /** Why it is over for good; null: it is not. */
  get endReason(): string | null {
    return this.#connection.state.end?.reason ?? null;
  }

  noted(note: Note): void {
    if (note.type === 'ops') this.#reportedAtMs = Date.now();
    this.#listener.noted(note);
  }

  greeted(welcome: Welcome): void {
    this.#clock.restart();
    this.#clock.hear(welcome.server_time, Date.now());
  }

  beat(serverTimeMs: number): void {
    this.#clock.hear(serverTimeMs, Date.now());
  }

  phaseChanged(): void {}
  applied(): void {}
  happened(): void {}
  forgot(): void {}
  refused(): void {}
}
