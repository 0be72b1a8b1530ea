/** The four ways, in the order in which the web found them. */

import { type Marked, mark } from '../texts.ts';
import { startLongPolling } from './long-poll-client.ts';
import { startPolling } from './poll-client.ts';
import { startSse } from './sse-client.ts';
import type { StartWay, WayName } from './way.ts';
import { startWebSocket } from './websocket-client.ts';

export interface Way {
  readonly name: WayName;
  readonly title: Marked;
  readonly how: Marked;
  readonly start: StartWay;
}

export const WAYS: readonly Way[] = [
  {
    name: 'poll',
    title: mark('AJAX polling'),
    how: mark('The page asks at every interval, whether or not anything has moved.'),
    start: startPolling,
  },
  {
    name: 'longpoll',
    title: mark('Long polling'),
    how: mark('The page asks, the server answers once something has moved, the page asks again.'),
    start: startLongPolling,
  },
  {
    name: 'sse',
    title: mark('Server-Sent Events'),
    how: mark('The page asks once; the answer goes on, and each change is written into it.'),
    start: startSse,
  },
  {
    name: 'websocket',
    title: mark('WebSocket'),
    how: mark('One handshake, then a connection on which both sides speak when they like.'),
    start: startWebSocket,
  },
];
