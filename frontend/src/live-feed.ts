/** The watched vehicles and how live they are: connection, store and clock in one. No DOM. */
import { ServerClock } from './clock.ts';
import { Connection, type ConnectionListener } from './connection.ts';
import { type FeedLevel, feedLevel, LagMeter } from './feed-health.ts';
import { FleetStore, NO_LIMITS } from './fleet-store.ts';
import type { Answer, FleetEvent, Frame, Note, Question, Welcome } from './protocol.ts';
import type { Phase } from './session-state.ts';
import type { AgeLimits } from './status.ts';
import type { OpenTransport, TransportName } from './transports/transport.ts';

export interface FeedReport {
  readonly level: FeedLevel;
  readonly behindMs: number | null;
  readonly isBusStale: boolean;
  readonly transport: TransportName | null;
  /** By the local clock. */
  readonly lostAtMs: number | null;
  readonly endReason: string;
}

export interface LiveFeedListener {
  changed(): void;
  refused(channel: string | null, reason: string): void;
  happened(event: FleetEvent): void;
  /** People and processes; who does not watch their rooms hears nothing. */
  noted?(note: Note): void;
}

/** Until the server says what it allows. */
const MOST_CHANNELS = 32;

export class LiveFeed implements ConnectionListener {
  readonly store = new FleetStore();
  readonly #connection: Connection;
  readonly #listener: LiveFeedListener;
  readonly #clock = new ServerClock();
  readonly #lag = new LagMeter();
  /** Asked for and not answered yet; until then the channels in #leaving stay on the map, so that nothing flickers. */
  readonly #arriving = new Set<string>();
  readonly #leaving = new Set<string>();
  /** Those that have had a frame on this connection: what comes next is news, not what was missed. */
  readonly #current = new Set<string>();
  /** As the server has them. */
  limits: AgeLimits = NO_LIMITS;
  #lostAtMs: number | null = null;
  #isBusStale = false;
  mostChannels = MOST_CHANNELS;

  /** `hasToken`: it is opened with stream tokens, which have to be renewed. */
  constructor(openTransport: OpenTransport, listener: LiveFeedListener, { hasToken = false } = {}) {
    this.#connection = new Connection(openTransport, this, { hasToken });
    this.#listener = listener;
  }

  get serverNowMs(): number {
    return this.#clock.serverTimeMs(Date.now());
  }

  /** Everything asked for has come, whether there is anything in it or not. */
  get isSettled(): boolean {
    return this.#connection.state.phase === 'live' && this.#arriving.size === 0;
  }

  start(): void {
    this.#lostAtMs = Date.now();
    this.#connection.start();
  }

  stop(): void {
    if (this.#connection.state.phase !== 'idle') this.#connection.stop();
  }

  nudge(): void {
    this.#connection.nudge();
  }

  /** Null: not heard, or nobody can say. */
  ask(question: Question): Promise<Answer> {
    return this.#connection.ask(question);
  }

  /** Exactly these channels from now on. */
  watch(channels: readonly string[]): void {
    const watched = this.#connection.state.channels;
    for (const channel of watched.keys()) if (!channels.includes(channel)) this.#leave(channel);
    for (const channel of channels) {
      this.#leaving.delete(channel);
      if (!watched.has(channel)) this.#arriving.add(channel);
      this.#connection.watch(channel);
    }
    this.#settle();
  }

  /** Lets fixes grow stale, but only while missing news means that there is none. */
  advance(): void {
    if (this.#connection.state.phase !== 'live') return;
    this.store.advance(this.serverNowMs);
    this.#listener.changed();
  }

  report(): FeedReport {
    const { phase, end } = this.#connection.state;
    const { behindMs } = this.#lag;
    const isBusStale = this.#isBusStale;
    const lostAtMs = this.#lostAtMs;
    return {
      level: feedLevel({ phase, behindMs, isBusStale, lostAtMs, nowMs: Date.now() }),
      behindMs,
      isBusStale,
      transport: this.#connection.transportName,
      lostAtMs,
      endReason: end?.reason ?? '',
    };
  }

  phaseChanged(phase: Phase): void {
    if (phase === 'live') this.#lostAtMs = null;
    else this.#lostAtMs ??= Date.now();
    this.#settle();
  }

  greeted(welcome: Welcome): void {
    this.#clock.restart();
    this.#clock.hear(welcome.server_time, Date.now());
    this.#lag.reset();
    this.#current.clear();
    this.#isBusStale = false;
    this.mostChannels = welcome.limits.channels;
    this.limits = {
      staleAfterMs: welcome.stale_after_s * 1000,
      offlineAfterMs: welcome.offline_after_s * 1000,
    };
    this.store.setLimits(this.limits);
  }

  applied(frame: Frame): void {
    const nowMs = this.serverNowMs;
    this.store.apply(frame, nowMs);
    const isNews = frame.type === 'delta' && this.#current.has(frame.channel);
    if (isNews) this.#lag.hear(frame.rows, nowMs, this.limits.staleAfterMs);
    this.#current.add(frame.channel);
    if (this.#arriving.delete(frame.channel)) this.#settle();
    this.#listener.changed();
  }

  happened(event: FleetEvent): void {
    this.#listener.happened(event);
  }

  noted(note: Note): void {
    this.#listener.noted?.(note);
  }

  beat(serverTimeMs: number, isBusStale: boolean): void {
    this.#clock.hear(serverTimeMs, Date.now());
    this.#isBusStale = isBusStale;
  }

  forgot(channel: string): void {
    this.#current.delete(channel);
    this.store.forget(channel);
    this.#listener.changed();
  }

  refused(channel: string | null, _code: string, reason: string): void {
    if (channel !== null && this.#arriving.delete(channel)) this.#settle();
    this.#listener.refused(channel, reason);
  }

  #leave(channel: string): void {
    this.#arriving.delete(channel);
    this.#leaving.add(channel);
  }

  /** Leaves what is no longer wanted once its successors are here, or cannot come now. */
  #settle(): void {
    const isLive = this.#connection.state.phase === 'live';
    if (isLive && this.#arriving.size > 0) return;
    for (const channel of this.#leaving) {
      this.#leaving.delete(channel);
      this.#connection.unwatch(channel);
    }
  }
}
