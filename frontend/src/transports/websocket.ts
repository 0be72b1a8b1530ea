/** The session's frames over a WebSocket. */
import { decodePacked } from '../packed.ts';
import { decodeMessage, encodeMessage, SUBPROTOCOLS } from '../protocol.ts';
import { BROKEN_OFF, type LiveSite } from './http.ts';
import type { OpenTransport, Transport, TransportListener } from './transport.ts';

export function openWebSocket(site: LiveSite): OpenTransport {
  return (listener) => {
    try {
      return connect(site, listener);
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

function connect(site: LiveSite, listener: TransportListener): Transport {
  const url = new URL('ws', site.base);
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = new WebSocket(url, SUBPROTOCOLS);
  socket.binaryType = 'arraybuffer';
  const quiet = new AbortController();
  const { signal } = quiet;
  socket.addEventListener('open', () => listener.opened(), { signal });
  socket.addEventListener(
    'message',
    ({ data }: MessageEvent<string | ArrayBuffer>) =>
      listener.received(typeof data === 'string' ? decodeMessage(data) : decodePacked(data)),
    { signal },
  );
  socket.addEventListener('close', (event) => listener.closed(event.code, event.reason), { signal });
  return {
    name: 'websocket',
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return;
      const token = message.type === 'hello' ? site.token() : null;
      socket.send(
        encodeMessage(token === null || message.type !== 'hello' ? message : { ...message, token }),
      );
    },
    close() {
      quiet.abort();
      socket.close(1000);
    },
  };
}
