/** Every way to one server, the best first. */
import { openBest } from './best.ts';
import type { LiveSite } from './http.ts';
import { TransportMemory } from './memory.ts';
import { openLongPoll, openPoll } from './polling.ts';
import { openSse } from './sse.ts';
import type { OpenTransport } from './transport.ts';
import { openWebSocket } from './websocket.ts';

export function openLive(site: LiveSite): OpenTransport {
  const rungs = {
    websocket: openWebSocket(site),
    sse: openSse(site),
    longpoll: openLongPoll(site),
    poll: openPoll(site),
  };
  return openBest(rungs, new TransportMemory());
}
