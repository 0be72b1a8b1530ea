/** A conversation over a one-way stream: joins and leaves become what the stream is asked for, and are answered here. */
import type { ClientMessage, Command, Reading, ServerMessage } from '../protocol.ts';
import { BROKEN_OFF, NO_TOKEN } from './http.ts';
import { advance, ask, hear, type StreamPlan } from './stream-plan.ts';
import type { Transport, TransportListener, TransportName } from './transport.ts';

/** What a stream tells; after its stop nobody listens. */
export interface StreamEvents {
  heard(reading: Reading): void;
  /** All up to `cursor` has been heard, or is about to be. */
  moved(cursor: string): void;
  failed(code: number, reason: string): void;
}

export interface StreamKind {
  readonly name: TransportName;
  token(): Promise<string | null>;
  /** For one channel at least; gives what stops it. */
  begin(plan: StreamPlan, events: StreamEvents, token: string | null): () => void;
  /** The answer to a message that needs one. */
  command(message: Command, token: string | null): Promise<Reading>;
}

export class Stream implements Transport {
  readonly #kind: StreamKind;
  readonly #listener: TransportListener;
  #plan: StreamPlan = new Map();
  /** One lasts until the session asks to renew it: not every question shall ask for a fresh one. */
  #token: string | null = null;
  #oks: Reading[] = [];
  #isRenewing = false;
  #isClosed = false;
  #stop: () => void = () => undefined;

  constructor(kind: StreamKind, listener: TransportListener) {
    this.#kind = kind;
    this.#listener = listener;
    void this.#open();
  }

  get name(): TransportName {
    return this.#kind.name;
  }

  send(message: ClientMessage): void {
    switch (message.type) {
      case 'join':
      case 'leave':
        this.#oks.push({ kind: 'message', message: { type: 'ok', id: message.id } });
        this.#plan = ask(this.#plan, message);
        this.#renewSoon();
        break;
      case 'auth':
        void this.#freshen(message.id);
        break;
      case 'hello':
      case 'ack':
        break;
      default:
        void this.#kind
          .command(message, this.#token)
          .then((answer) => this.#isClosed || this.#listener.received(answer));
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  async #open(): Promise<void> {
    try {
      this.#token = await this.#kind.token();
      if (!this.#isClosed) this.#listener.opened();
    } catch {
      if (this.#isClosed) return;
      this.close();
      this.#listener.closed(BROKEN_OFF, NO_TOKEN);
    }
  }

  /** Goes on from where it is with a fresh token; without one, with the old. */
  async #freshen(id: number): Promise<void> {
    const token = await this.#kind.token().catch(() => null);
    if (token === null || this.#isClosed) return;
    this.#token = token;
    this.#oks.push({ kind: 'message', message: { type: 'ok', id } });
    this.#renewSoon();
  }

  #drop(message: ServerMessage): void {
    const plan = hear(this.#plan, message);
    if (plan === this.#plan) return;
    this.#plan = plan;
    this.#renewSoon();
  }

  /** What is asked for in one go opens one stream. */
  #renewSoon(): void {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    queueMicrotask(() => this.#renew());
  }

  #renew(): void {
    this.#isRenewing = false;
    if (this.#isClosed) return;
    this.#stop();
    const oks = this.#oks;
    this.#oks = [];
    for (const ok of oks) this.#listener.received(ok);
    if (this.#plan.size > 0 && !this.#isClosed) this.#begin();
  }

  #begin(): void {
    const asked = this.#plan;
    const quiet = new AbortController();
    const unlessStopped =
      <T extends unknown[]>(tell: (...told: T) => void) =>
      (...told: T) =>
        quiet.signal.aborted || tell(...told);
    const events = {
      moved: unlessStopped((cursor: string) => {
        this.#plan = advance(this.#plan, asked, cursor);
      }),
      heard: unlessStopped((reading: Reading) => {
        this.#listener.received(reading);
        if (reading.kind === 'message') this.#drop(reading.message);
      }),
      failed: unlessStopped((code: number, reason: string) => {
        this.close();
        this.#listener.closed(code, reason);
      }),
    };
    const stop = this.#kind.begin(asked, events, this.#token);
    this.#stop = () => {
      quiet.abort();
      stop();
    };
  }
}
