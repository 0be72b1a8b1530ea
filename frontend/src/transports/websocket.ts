/** The session's frames over a WebSocket. */
import { decodePacked } from '../packed.ts';
import { decodeMessage, encodeMessage, SUBPROTOCOLS } from '../protocol.ts';
import type { GetToken, OpenTransport, Transport, TransportListener } from './transport.ts';

export function openWebSocket(address: string | URL, token: GetToken): OpenTransport {
  const url = new URL(address, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return (listener) => connect(url, token, listener);
}

function connect(url: URL, getToken: GetToken, listener: TransportListener): Transport {
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
      const token = message.type === 'hello' ? getToken() : null;
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
