/** Every way to one server, the best first. */
import { openBest } from './best.ts';
import { BROKEN_OFF, type LiveSite } from './http.ts';
import { TransportMemory } from './memory.ts';
import { openLongPoll, openPoll } from './polling.ts';
import { browserCommons, openShared } from './shared.ts';
import { openSse } from './sse.ts';
import type { OpenTransport, Transport, TransportListener, TransportName } from './transport.ts';
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

/** For a device's token, which travels in headers only: an EventSource could not send it. */
export function openDevice(site: LiveSite): OpenTransport {
  const rungs = {
    websocket: openWebSocket(site),
    sse: passOver('sse'),
    longpoll: openLongPoll(site),
    poll: openPoll(site),
  };
  return openBest(rungs, new TransportMemory());
}

/** A rung that is not there. */
function passOver(name: TransportName): OpenTransport {
  return (listener: TransportListener): Transport => {
    let isClosed = false;
    queueMicrotask(() => isClosed || listener.closed(BROKEN_OFF, 'This way is not taken.'));
    return {
      name,
      send() {},
      close() {
        isClosed = true;
      },
    };
  };
}
