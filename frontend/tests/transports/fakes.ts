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
