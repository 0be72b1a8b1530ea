/** The far ends of transports, by hand. */
import type { ClientMessage, Reading, ServerMessage } from '../../src/protocol.ts';
import type { Transport, TransportListener, TransportName } from '../../src/transports/transport.ts';

/** Lets all that is ready to run do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** What a session would hear, in short. */
export class Ear implements TransportListener {
  heard: string[] = [];

  opened(): void {
    this.heard.push('opened');
  }

  received(reading: Reading): void {
    const { kind } = reading;
    this.heard.push(kind === 'message' ? wordsOf(reading.message) : kind);
  }

  closed(code: number): void {
    this.heard.push(`closed ${code}`);
  }

  take(): string[] {
    const { heard } = this;
    this.heard = [];
    return heard;
  }
}

function wordsOf(message: ServerMessage): string {
  if (message.type === 'ok') return `ok ${message.id}`;
  return 'seq' in message ? `${message.type} ${message.seq}` : message.type;
}

export class FakeTransport implements Transport {
  readonly name: TransportName;
  readonly listener: TransportListener;
  sent: ClientMessage[] = [];
  isClosed = false;

  constructor(name: TransportName, listener: TransportListener) {
    this.name = name;
    this.listener = listener;
  }

  send(message: ClientMessage): void {
    this.sent.push(message);
  }

  close(): void {
    this.isClosed = true;
  }

  say(...messages: ServerMessage[]): void {
    for (const message of messages) this.listener.received({ kind: 'message', message });
  }
}

export class FakeStorage implements Storage {
  readonly #items = new Map<string, string>();

  get length(): number {
    return this.#items.size;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }
}

type Held = (lock: Lock | null) => unknown;

/** Locks and channels that pretend tabs share. */
export class FakeCommons {
  readonly #channels = new Set<FakeChannel>();
  readonly #queues = new Map<string, Promise<unknown>>();

  readonly locks = {
    request: (name: string, options: LockOptions, held: Held): Promise<unknown> => {
      const before = this.#queues.get(name) ?? Promise.resolve();
      const mine = before.then(() => (options.signal?.aborted ? undefined : held(null)));
      this.#queues.set(name, mine);
      return mine;
    },
  } as unknown as Pick<LockManager, 'request'>;

  openChannel = (name: string): BroadcastChannel => {
    const channel = new FakeChannel(name, this.#channels);
    this.#channels.add(channel);
    return channel as unknown as BroadcastChannel;
  };
}

class FakeChannel {
  readonly name: string;
  readonly #all: Set<FakeChannel>;
  onmessage: (event: { data: unknown }) => void = () => undefined;

  constructor(name: string, all: Set<FakeChannel>) {
    this.name = name;
    this.#all = all;
  }

  postMessage(data: unknown): void {
    const copy = structuredClone(data);
    for (const other of this.#all) {
      if (other === this || other.name !== this.name) continue;
      queueMicrotask(() => this.#all.has(other) && other.onmessage({ data: copy }));
    }
  }

  close(): void {
    this.#all.delete(this);
  }
}
