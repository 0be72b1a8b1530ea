/** What a way to the server must offer, so that the session need not know which one it is. */
import type { ClientMessage, Reading } from '../protocol.ts';

export type TransportName = 'websocket' | 'sse' | 'longpoll' | 'poll';

export interface TransportListener {
  opened(): void;
  received(reading: Reading): void;
  /** Once, however it came to it; nothing follows. */
  closed(code: number, reason: string): void;
}

export interface Transport {
  readonly name: TransportName;
  send(message: ClientMessage): void;
  /** The listener hears nothing after this, not even `closed`. */
  close(): void;
}

/** The listener hears nothing before this has returned. */
export type OpenTransport = (listener: TransportListener) => Transport;

/** A stream token of a caller without a cookie, asked for at each connection and before the last one ends; null: a cookie after all. */
export type GetToken = () => string | null | Promise<string | null>;
