/** The best transport that gets through: runs the ladder with real timers, and shows the session one conversation. */
import {
  climb,
  FOOT,
  type LadderEffect,
  type LadderEvent,
  type LadderState,
  type LadderTimer,
} from '../ladder.ts';
import type { ClientMessage, Reading } from '../protocol.ts';
import { BROKEN_OFF } from './http.ts';
import type { TransportMemory } from './memory.ts';
import type { OpenTransport, Transport, TransportListener, TransportName } from './transport.ts';

export type Rungs = Readonly<Record<TransportName, OpenTransport>>;

/** What the ladder learns outlives each connection. */
export function openBest(rungs: Rungs, memory: TransportMemory): OpenTransport {
  const ladder = { state: FOOT };
  return (listener) => new BestTransport({ rungs, memory, ladder, listener });
}

interface Parts {
  readonly rungs: Rungs;
  readonly memory: TransportMemory;
  readonly ladder: { state: LadderState };
  readonly listener: TransportListener;
}

interface Runner {
  readonly transport: Transport;
  isOpen: boolean;
  /** What it has told and nobody has heard yet. */
  readonly held: Reading[];
}

class BestTransport implements Transport {
  readonly #parts: Parts;
  readonly #runners = new Map<TransportName, Runner>();
  readonly #timers = new Map<LadderTimer, ReturnType<typeof setTimeout>>();
  /** What every rung has to be told when it opens. */
  #hello: ClientMessage | null = null;
  readonly #joins = new Map<string, ClientMessage>();
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    queueMicrotask(() => this.#isClosed || parts.listener.opened());
    this.#take({ type: 'begin', remembered: parts.memory.load() });
  }

  get name(): TransportName {
    const { winner, running } = this.#parts.ladder.state;
    return winner ?? running[0] ?? 'websocket';
  }

  send(message: ClientMessage): void {
    if (message.type === 'hello') this.#hello = message;
    if (message.type === 'join') this.#joins.set(message.channel, message);
    if (message.type === 'leave') this.#joins.delete(message.channel);
    const { winner } = this.#parts.ladder.state;
    for (const [name, { transport, isOpen }] of this.#runners) {
      if (isOpen && (winner === null || name === winner)) transport.send(message);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#take({ type: 'dropped' });
  }

  #take(event: LadderEvent): void {
    const { ladder } = this.#parts;
    const [state, effects] = climb(ladder.state, event);
    ladder.state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: LadderEffect): void {
    const { memory } = this.#parts;
    switch (effect.do) {
      case 'open':
        this.#open(effect.name);
        break;
      case 'close':
        this.#runners.get(effect.name)?.transport.close();
        this.#runners.delete(effect.name);
        break;
      case 'set':
        clearTimeout(this.#timers.get(effect.timer));
        this.#timers.set(
          effect.timer,
          setTimeout(() => this.#take({ type: 'elapsed', timer: effect.timer }), effect.delayMs),
        );
        break;
      case 'cancel':
        clearTimeout(this.#timers.get(effect.timer));
        break;
      case 'win':
        this.#flush(effect.name);
        break;
      case 'remember':
        memory.remember(effect.name);
        break;
      case 'forget':
        memory.forget();
        break;
      case 'end':
        this.#isClosed = true;
        this.#parts.listener.closed(effect.code, effect.reason);
        break;
    }
  }

  #open(name: TransportName): void {
    const transport = this.#parts.rungs[name]({
      opened: () => this.#introduce(name),
      received: (reading) => this.#hear(name, reading),
      closed: (code, reason) => {
        this.#runners.delete(name);
        this.#take({ type: 'closed', name, code, reason });
      },
    });
    this.#runners.set(name, { transport, isOpen: false, held: [] });
  }

  #introduce(name: TransportName): void {
    const runner = this.#runners.get(name);
    if (runner === undefined) return;
    runner.isOpen = true;
    if (this.#hello === null) return;
    for (const message of [this.#hello, ...this.#joins.values()]) runner.transport.send(message);
  }

  #hear(name: TransportName, reading: Reading): void {
    if (this.#parts.ladder.state.winner === name) {
      this.#parts.listener.received(reading);
      return;
    }
    const runner = this.#runners.get(name);
    if (reading.kind === 'broken') {
      runner?.transport.close();
      this.#runners.delete(name);
      this.#take({ type: 'closed', name, code: BROKEN_OFF, reason: 'broken message' });
      return;
    }
    runner?.held.push(reading);
    if (this.#isDelivery(name, reading)) this.#take({ type: 'delivered', name });
  }

  /** A stream's welcome may come through a proxy that stops everything after it; the answer to a poll is whole. */
  #isDelivery(name: TransportName, reading: Reading): boolean {
    if (reading.kind !== 'message') return true;
    const { type } = reading.message;
    if (type === 'welcome') return this.#joins.size === 0 || name === 'longpoll' || name === 'poll';
    return type !== 'ok' && type !== 'heartbeat';
  }

  #flush(name: TransportName): void {
    for (const reading of this.#runners.get(name)?.held.splice(0) ?? []) {
      if (!this.#isClosed) this.#parts.listener.received(reading);
    }
  }
}
