/**
 * One stream for all tabs of a browser: HTTP/1.1 allows six connections to a host, and a tab that takes one for good starves the rest.
 *
 * Whoever holds the lock leads: it has the stream, hears what the tabs say and tells them what comes. When it goes the lock passes on,
 * and every tab says again what it wants, with its cursors.
 */
import { ALONE, type LeaderEffect, type LeaderEvent, type LeaderState, lead } from '../leader.ts';
import type { ClientMessage, Reading } from '../protocol.ts';
import { ask, hear, type StreamPlan, see } from './stream-plan.ts';
import type { OpenTransport, Transport, TransportListener, TransportName } from './transport.ts';

/** What tabs have in common. */
export interface Commons {
  readonly locks: Pick<LockManager, 'request'>;
  openChannel(name: string): BroadcastChannel;
}

export function browserCommons(): Commons | null {
  // Browsers give locks to secure pages only.
  if (!('locks' in navigator)) return null;
  return { locks: navigator.locks, openChannel: (name) => new BroadcastChannel(name) };
}

/** Without commons each tab has a stream of its own. */
export function openShared(name: TransportName, open: OpenTransport, commons: Commons | null): OpenTransport {
  if (commons === null) return open;
  return (listener) => new SharedTransport({ name, open, commons, listener });
}

type Note =
  | { readonly type: 'said'; readonly tab: string; readonly message: ClientMessage }
  | { readonly type: 'left'; readonly tab: string }
  | { readonly type: 'told'; readonly tab: string | null; readonly reading: Reading }
  /** A new leader, who knows nothing yet. */
  | { readonly type: 'leads' }
  | { readonly type: 'closed'; readonly code: number; readonly reason: string };

interface Parts {
  readonly name: TransportName;
  readonly open: OpenTransport;
  readonly commons: Commons;
  readonly listener: TransportListener;
}

class SharedTransport implements Transport {
  readonly #parts: Parts;
  readonly #tab = crypto.randomUUID();
  readonly #channel: BroadcastChannel;
  readonly #end = new AbortController();
  #leader: Leader | null = null;
  #hello: ClientMessage | null = null;
  #plan: StreamPlan = new Map();
  readonly #joinIds = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#channel = parts.commons.openChannel(this.#lockName);
    this.#channel.onmessage = ({ data }: MessageEvent<Note>) => this.#read(data);
    // Whoever leads minds this lock from the hello on.
    this.#hold(`${this.#lockName}:${this.#tab}`, () => parts.listener.opened());
    this.#hold(this.#lockName, () => this.#lead());
  }

  get name(): TransportName {
    return this.#parts.name;
  }

  send(message: ClientMessage): void {
    if (message.type === 'ack') return;
    if (message.type === 'hello') this.#hello = message;
    if (message.type === 'join') this.#joinIds.set(message.channel, message.id);
    this.#plan = ask(this.#plan, message);
    this.#post({ type: 'said', tab: this.#tab, message });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#post({ type: 'left', tab: this.#tab });
    this.#leader?.close();
    this.#end.abort();
    this.#channel.close();
  }

  get #lockName(): string {
    return `fleet-live:${this.#parts.name}`;
  }

  get #isClosed(): boolean {
    return this.#end.signal.aborted;
  }

  /** Until closed; a lock that is still awaited then is given up. */
  #hold(name: string, held: () => void): void {
    const { signal } = this.#end;
    const granted = () => {
      if (signal.aborted) return;
      held();
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    };
    this.#parts.commons.locks.request(name, { signal }, granted).catch(() => undefined);
  }

  #lead(): void {
    const { open, commons } = this.#parts;
    this.#leader = new Leader(open, {
      post: (note) => this.#post(note),
      mind: (tab, left) => {
        if (tab === this.#tab) return;
        void commons.locks
          .request(`${this.#lockName}:${tab}`, { signal: this.#end.signal }, left)
          .catch(() => undefined);
      },
    });
  }

  /** To the other tabs and to this one. */
  #post(note: Note): void {
    this.#channel.postMessage(note);
    this.#read(note);
  }

  #read(note: Note): void {
    if (this.#isClosed) return;
    switch (note.type) {
      case 'said':
      case 'left':
        this.#leader?.take(note);
        break;
      case 'leads':
        this.#sayAgain();
        break;
      case 'told':
        if (note.tab === null || note.tab === this.#tab) this.#hear(note.reading);
        break;
      case 'closed':
        this.close();
        this.#parts.listener.closed(note.code, note.reason);
        break;
    }
  }

  #sayAgain(): void {
    if (this.#hello === null) return;
    this.#post({ type: 'said', tab: this.#tab, message: this.#hello });
    for (const [channel, cursor] of this.#plan) {
      const id = this.#joinIds.get(channel) ?? 0;
      const message = { type: 'join', id, channel, ...(cursor === '' ? {} : { cursor }) } as const;
      this.#post({ type: 'said', tab: this.#tab, message });
    }
  }

  #hear(reading: Reading): void {
    if (reading.kind === 'message') {
      const { message } = reading;
      if ('channel' in message && !this.#plan.has(message.channel ?? '')) return;
      this.#plan = hear(see(this.#plan, message), message);
    }
    this.#parts.listener.received(reading);
  }
}

interface LeaderTools {
  post(note: Note): void;
  mind(tab: string, left: () => void): void;
}

/** Runs the leader's state machine on the one real stream. */
class Leader {
  readonly #tools: LeaderTools;
  readonly #stream: Transport;
  #state: LeaderState = ALONE;
  #isOpen = false;
  #waiting: ClientMessage[] = [{ type: 'hello' }];

  constructor(open: OpenTransport, tools: LeaderTools) {
    this.#tools = tools;
    this.#stream = open({
      opened: () => this.#opened(),
      received: (reading) => this.take({ type: 'heard', reading }),
      closed: (code, reason) => tools.post({ type: 'closed', code, reason }),
    });
    queueMicrotask(() => tools.post({ type: 'leads' }));
  }

  take(event: LeaderEvent): void {
    const [state, effects] = lead(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  close(): void {
    this.#stream.close();
  }

  #opened(): void {
    this.#isOpen = true;
    for (const message of this.#waiting.splice(0)) this.#stream.send(message);
  }

  #perform(effect: LeaderEffect): void {
    switch (effect.do) {
      case 'send':
        if (this.#isOpen) this.#stream.send(effect.message);
        else this.#waiting.push(effect.message);
        break;
      case 'tell':
        this.#tools.post({ type: 'told', tab: effect.tab, reading: effect.reading });
        break;
      case 'mind':
        this.#tools.mind(effect.tab, () => this.take({ type: 'left', tab: effect.tab }));
        break;
    }
  }
}
