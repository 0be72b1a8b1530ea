/** The session's frames over a WebSocket. */
import { SUBPROTOCOL } from '../protocol.ts';
import type { OpenTransport, Transport, TransportListener } from './transport.ts';

/** `path` on the page's own origin, which is the only one the server and the content policy allow. */
export function openWebSocket(path: string): OpenTransport {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return (listener) => connect(url, listener);
}

function connect(url: URL, listener: TransportListener): Transport {
  const socket = new WebSocket(url, SUBPROTOCOL);
  const quiet = new AbortController();
  const { signal } = quiet;
  socket.addEventListener('open', () => listener.opened(), { signal });
  socket.addEventListener('message', (event) => listener.received(String(event.data)), { signal });
  socket.addEventListener('close', (event) => listener.closed(event.code, event.reason), { signal });
  return {
    name: 'websocket',
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      quiet.abort();
      socket.close(1000);
    },
  };
}
