/** Every way to one server, the best first. */
import { openBest } from './best.ts';
import type { LiveSite } from './http.ts';
import { TransportMemory } from './memory.ts';
import { openLongPoll, openPoll } from './polling.ts';
import { browserCommons, openShared } from './shared.ts';
import { openSse } from './sse.ts';
import type { OpenTransport } from './transport.ts';
import { openWebSocket } from './websocket.ts';

/** Each tab has a WebSocket of its own; what comes in its place is shared by those who use the same cookie. */
export function openLive(site: LiveSite): OpenTransport {
  const commons = site.token === null ? browserCommons() : null;
  const rungs = {
    websocket: openWebSocket(site),
    sse: openShared('sse', openSse(site), commons),
    longpoll: openShared('longpoll', openLongPoll(site), commons),
    poll: openShared('poll', openPoll(site), commons),
  };
  return openBest(rungs, new TransportMemory());
}
