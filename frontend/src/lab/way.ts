/** What the four little clients have in common: what they are given, and what they tell. */

export type WayName = 'poll' | 'longpoll' | 'sse' | 'websocket';

export interface WayOptions {
  readonly channel: string;
  /** Polling alone looks at it. */
  readonly pollEveryMs: number;
  /** What the browser adds to each request of this page, in bytes; scripts cannot see it. */
  readonly ownHeaderBytes: number;
}

/** Bytes that crossed the network together. */
export interface Passage {
  readonly direction: 'up' | 'down';
  /** An HTTP request; the handshake of a WebSocket is one. */
  readonly isRequest: boolean;
  readonly headerBytes: number;
  readonly payloadBytes: number;
  /** To be read by people. */
  readonly head: string;
  readonly body: string;
}

/** `refused` is final. */
export type WayState = 'connecting' | 'open' | 'retrying' | 'refused';

export interface WayListener {
  readonly passed: (passage: Passage) => void;
  /** Messages of the live protocol, as JSON gave them. */
  readonly heard: (messages: readonly unknown[]) => void;
  readonly became: (state: WayState) => void;
}

/** Starts at once; the answer stops it for good. */
export type StartWay = (options: WayOptions, listener: WayListener) => () => void;

/** Plain, since this is a lab; the live page waits at random and longer each time. */
export const RETRY_AFTER_MS = 2000;
