/** Runs the session with real timers and a real transport; decides nothing. */
import type { Answer, FleetEvent, Frame, Note, Question, Welcome } from './protocol.ts';
import { RecentIds } from './recent-ids.ts';
import { step } from './session.ts';
import {
  type Effect,
  IDLE,
  type Phase,
  type SessionEvent,
  type SessionState,
  type TimerName,
} from './session-state.ts';
import type { OpenTransport, Transport, TransportName } from './transports/transport.ts';

export interface ConnectionListener {
  phaseChanged(phase: Phase): void;
  greeted(welcome: Welcome): void;
  applied(frame: Frame): void;
  /** Once for each `event_id`. */
  happened(event: FleetEvent): void;
  noted(note: Note): void;
  beat(serverTimeMs: number, isBusStale: boolean): void;
  forgot(channel: string): void;
  refused(channel: string | null, code: string, reason: string): void;
}

/** Repeats come from the seconds before a reconnect. */
const REMEMBERED_EVENTS = 1000;

export class Connection {
  readonly #openTransport: OpenTransport;
  readonly #listener: ConnectionListener;
  readonly #timers = new Map<TimerName, ReturnType<typeof setTimeout>>();
  readonly #told = new RecentIds(REMEMBERED_EVENTS);
  #state: SessionState;
  #transport: Transport | null = null;
  readonly #askers = new Map<number, (answer: Answer) => void>();
  #nextTicket = 1;
  #heardAtMs = 0;

  constructor(openTransport: OpenTransport, listener: ConnectionListener, { hasToken = false } = {}) {
    this.#openTransport = openTransport;
    this.#state = { ...IDLE, hasToken };
    this.#listener = listener;
  }

  get state(): SessionState {
    return this.#state;
  }

  get transportName(): TransportName | null {
    return this.#transport?.name ?? null;
  }

  start(): void {
    this.#take({ type: 'start' });
  }

  stop(): void {
    this.#take({ type: 'stop' });
  }

  watch(channel: string): void {
    this.#take({ type: 'watch', channel });
  }

  unwatch(channel: string): void {
    this.#take({ type: 'unwatch', channel });
  }

  /** Resolves once, with null when nobody can say whether it was heard. */
  ask(question: Question): Promise<Answer> {
    const ticket = this.#nextTicket++;
    return new Promise((resolve) => {
      this.#askers.set(ticket, resolve);
      this.#take({ type: 'ask', ticket, question });
    });
  }

  /** Call when the browser is online again or the tab visible. */
  nudge(): void {
    this.#take({ type: 'nudge', silentMs: Date.now() - this.#heardAtMs });
  }

  #take(event: SessionEvent): void {
    const before = this.#state.phase;
    const [state, effects] = step(this.#state, event, Math.random);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    if (this.#state.phase !== before) this.#listener.phaseChanged(this.#state.phase);
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'open':
        this.#open();
        break;
      case 'close':
        this.#close();
        break;
      case 'send':
        this.#transport?.send(effect.message);
        break;
      case 'set':
        this.#set(effect.timer, effect.delayMs);
        break;
      case 'cancel':
        clearTimeout(this.#timers.get(effect.timer));
        break;
      case 'greet':
        this.#listener.greeted(effect.welcome);
        break;
      case 'apply':
        this.#listener.applied(effect.frame);
        break;
      case 'tell':
        if (this.#told.add(effect.event.event_id)) this.#listener.happened(effect.event);
        break;
      case 'note':
        this.#listener.noted(effect.note);
        break;
      case 'answer':
        this.#askers.get(effect.ticket)?.(effect.answer);
        this.#askers.delete(effect.ticket);
        break;
      case 'beat':
        this.#listener.beat(effect.serverTimeMs, effect.isBusStale);
        break;
      case 'forget':
        this.#listener.forgot(effect.channel);
        break;
      case 'refuse':
        this.#listener.refused(effect.channel, effect.code, effect.reason);
        break;
    }
  }

  #close(): void {
    this.#transport?.close();
    this.#transport = null;
  }

  #open(): void {
    this.#transport = this.#openTransport({
      opened: () => this.#take({ type: 'opened' }),
      received: (reading) => {
        this.#heardAtMs = Date.now();
        this.#take({ type: 'read', reading });
      },
      closed: (code, reason) => this.#take({ type: 'closed', code, reason }),
    });
  }

  #set(timer: TimerName, delayMs: number): void {
    clearTimeout(this.#timers.get(timer));
    this.#timers.set(
      timer,
      setTimeout(() => this.#take({ type: 'elapsed', timer }), delayMs),
    );
  }
}
