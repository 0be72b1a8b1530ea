/** What a way to the server must offer, so that the session need not know which one it is. */

export type TransportName = 'websocket' | 'sse' | 'longpoll' | 'poll';

export interface TransportListener {
  opened(): void;
  received(text: string): void;
  /** Once, however it came to it; nothing follows. */
  closed(code: number, reason: string): void;
}

export interface Transport {
  readonly name: TransportName;
  send(text: string): void;
  /** The listener hears nothing after this, not even `closed`. */
  close(): void;
}

export type OpenTransport = (listener: TransportListener) => Transport;
