/** The conversation of the dispatchers with one driver: what is stored, in its order, and what waits to be sent. No DOM, no clock. */

/** Who reads and writes here. */
export type Side = 'dispatcher' | 'driver';

/** Until it is stored a message of ours waits, is on its way, or was refused. */
export type MessageState = 'waiting' | 'sending' | 'refused' | 'sent' | 'delivered' | 'read';

export interface ThreadMessage {
  /** Null until stored. */
  readonly id: number | null;
  /** Of a message written here. */
  readonly key: string | null;
  readonly isFromDriver: boolean;
  readonly author: string;
  readonly text: string;
  readonly quickReplies: readonly string[];
  readonly timeMs: number;
  /** Of the other side than wrote it; read says of a driver's message that a dispatcher did. */
  readonly state: MessageState;
  /** Why it was refused or waits, for who reads it. */
  readonly reason: string;
  /** Not to be sent before. */
  readonly retryAtMs: number;
}

export const MOST_MESSAGES = 500;

const ORDER: readonly MessageState[] = ['waiting', 'sending', 'refused', 'sent', 'delivered', 'read'];

export class Thread {
  readonly #side: Side;
  #stored: ThreadMessage[] = [];
  #unsent: ThreadMessage[] = [];
  /** Null: nobody has asked yet. */
  hasOlder: boolean | null = null;

  constructor(side: Side = 'dispatcher') {
    this.#side = side;
  }

  /** In the order of ids, then in which they were written. */
  get messages(): readonly ThreadMessage[] {
    return [...this.#stored, ...this.#unsent];
  }

  get unsent(): readonly ThreadMessage[] {
    return this.#unsent;
  }

  get unread(): readonly ThreadMessage[] {
    return this.#stored.filter((message) => !isOurs(message, this.#side) && message.state !== 'read');
  }

  /** What the server says of a message; its state only rises. */
  store(message: ThreadMessage): void {
    const index = this.#stored.findIndex(({ id }) => id === message.id);
    const known = this.#stored[index];
    if (known !== undefined) {
      this.#stored[index] = { ...known, state: further(known.state, message.state) };
      return;
    }
    this.#stored.push(message);
    this.#stored.sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
    // Who scrolls back keeps what he asked for.
    if (this.#stored.length > MOST_MESSAGES && this.#stored.at(-1) === message) {
      this.#stored.shift();
      this.hasOlder = true;
    }
  }

  advance(id: number, state: MessageState): void {
    const known = this.#stored.find((message) => message.id === id);
    if (known !== undefined) this.store({ ...known, state });
  }

  write(message: ThreadMessage): void {
    this.#unsent.push(message);
  }

  /** Changes a message that is not stored yet. */
  amend(key: string, change: Partial<ThreadMessage>): void {
    this.#unsent = this.#unsent.map((message) => (message.key === key ? { ...message, ...change } : message));
  }

  drop(key: string): void {
    this.#unsent = this.#unsent.filter((message) => message.key !== key);
  }
}

/** Dispatchers are one side, whoever of them writes. */
export function isOurs({ isFromDriver }: ThreadMessage, side: Side): boolean {
  return isFromDriver === (side === 'driver');
}

function further(a: MessageState, b: MessageState): MessageState {
  return ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b;
}
