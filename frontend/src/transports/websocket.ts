/** The session's frames over a WebSocket. */
import { decodePacked } from '../packed.ts';
import { type ClientMessage, decodeMessage, encodeMessage, SUBPROTOCOLS } from '../protocol.ts';
import { BROKEN_OFF, type LiveSite, NO_TOKEN, takeToken } from './http.ts';
import type { OpenTransport, Transport, TransportListener } from './transport.ts';

export function openWebSocket(site: LiveSite): OpenTransport {
  return (listener) => {
    try {
      return new WebSocketTransport(site, listener);
    } catch {
      return refuse(listener);
    }
  };
}

/** Locked-down browsers have no WebSocket, or throw when it is made. */
function refuse(listener: TransportListener): Transport {
  let isClosed = false;
  queueMicrotask(() => isClosed || listener.closed(BROKEN_OFF, 'This browser opens no WebSocket.'));
  return {
    name: 'websocket',
    send() {},
    close() {
      isClosed = true;
    },
  };
}

class WebSocketTransport implements Transport {
  readonly name = 'websocket';
  readonly #site: LiveSite;
  readonly #listener: TransportListener;
  readonly #socket: WebSocket;
  readonly #quiet = new AbortController();
  /** For the hello. */
  #token: string | null = null;

  constructor(site: LiveSite, listener: TransportListener) {
    this.#site = site;
    this.#listener = listener;
    const url = new URL('ws', site.base);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url, SUBPROTOCOLS);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    const { signal } = this.#quiet;
    socket.addEventListener('open', () => void this.#open(), { signal });
    socket.addEventListener(
      'message',
      ({ data }: MessageEvent<string | ArrayBuffer>) =>
        listener.received(typeof data === 'string' ? decodeMessage(data) : decodePacked(data)),
      { signal },
    );
    socket.addEventListener('close', (event) => listener.closed(event.code, event.reason), { signal });
  }

  send(message: ClientMessage): void {
    if (message.type === 'auth') void this.#renew(message.id);
    else if (message.type === 'hello' && this.#token !== null)
      this.#write({ ...message, token: this.#token });
    else this.#write(message);
  }

  close(): void {
    this.#quiet.abort();
    this.#socket.close(1000);
  }

  #write(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(encodeMessage(message));
  }

  async #open(): Promise<void> {
    const { signal } = this.#quiet;
    try {
      this.#token = await takeToken(this.#site);
      if (!signal.aborted) this.#listener.opened();
    } catch {
      if (signal.aborted) return;
      this.close();
      this.#listener.closed(BROKEN_OFF, NO_TOKEN);
    }
  }

  /** Without a fresh one nothing is said; the session will ask again. */
  async #renew(id: number): Promise<void> {
    const token = await takeToken(this.#site).catch(() => null);
    if (token !== null && !this.#quiet.signal.aborted) this.#write({ type: 'auth', id, token });
  }
}
