/** A WebSocket: one handshake, then both sides speak when they like. To come back is the page's own work. */
import { RETRY_AFTER_MS, type StartWay } from './way.ts';
import { OWN_HEADERS, responseHead, socketHeaderBytes, utf8Bytes } from './wire-bytes.ts';

const PATH = '/live/v1/ws';
const SUBPROTOCOL = 'fleet.v1.json';
const FIRST_FATAL_CODE = 4500;

/** The browser does not show the handshake; this is how it goes. */
const REQUEST = [
  `GET ${PATH} HTTP/1.1`,
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  `sec-websocket-key: ${'.'.repeat(24)}`,
  `sec-websocket-protocol: ${SUBPROTOCOL}`,
  'sec-websocket-extensions: permessage-deflate; client_max_window_bits\r\n',
].join('\r\n');
const ANSWER_HEAD = responseHead(101, [
  ['connection', 'Upgrade'],
  ['upgrade', 'WebSocket'],
  ['sec-websocket-accept', '.'.repeat(28)],
  ['sec-websocket-protocol', SUBPROTOCOL],
]);

export const startWebSocket: StartWay = ({ channel, ownHeaderBytes }, { passed, heard, became }) => {
  let socket: WebSocket;
  let cursor = '';
  let retry: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    became('connecting');
    tellHead('up', REQUEST + OWN_HEADERS, utf8Bytes(REQUEST) + ownHeaderBytes);
    socket = new WebSocket(PATH, SUBPROTOCOL);
    socket.onopen = () => {
      tellHead('down', ANSWER_HEAD, utf8Bytes(ANSWER_HEAD));
      send({ type: 'hello' });
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => receive(data);
    socket.onclose = ({ code }) => {
      if (code >= FIRST_FATAL_CODE) return became('refused');
      became('retrying');
      retry = setTimeout(connect, RETRY_AFTER_MS);
    };
  }

  function receive(text: string): void {
    tellFrame('down', text);
    const message = JSON.parse(text);
    if (message.type === 'welcome') {
      became('open');
      send({ type: 'join', id: 1, channel, ...(cursor && { cursor }) });
    }
    if (message.type === 'snapshot' || message.type === 'delta') {
      cursor = message.cursor;
      send({ type: 'ack', seq: message.seq });
    }
    heard([message]);
  }

  function send(message: object): void {
    const text = JSON.stringify(message);
    socket.send(text);
    tellFrame('up', text);
  }

  function tellHead(direction: 'up' | 'down', head: string, headerBytes: number): void {
    passed({ direction, isRequest: direction === 'up', headerBytes, payloadBytes: 0, head, body: '' });
  }

  function tellFrame(direction: 'up' | 'down', body: string): void {
    const payloadBytes = utf8Bytes(body);
    const headerBytes = socketHeaderBytes(payloadBytes, direction);
    const mask = direction === 'up' ? ' with its mask' : '';
    const packing = socket.extensions === '' ? '' : `; ${socket.extensions}, shown and counted unpacked`;
    const head = `text frame: ${headerBytes} bytes of header${mask}${packing}`;
    passed({ direction, isRequest: false, headerBytes, payloadBytes, head, body });
  }

  connect();
  return () => {
    clearTimeout(retry);
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  };
};
