import { afterEach, describe, expect, it, vi } from 'vitest';
import { openWebSocket } from '../../src/transports/websocket.ts';
import { Ear, settle } from './fakes.ts';

const site = { base: new URL('http://fleet.test/live/v1/'), token: null };

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a site that gives no token', () => {
  it('is one that cannot be reached now', async () => {
    const closed: number[] = [];
    class FakeWebSocket extends EventTarget {
      close(code: number): void {
        closed.push(code);
      }
    }
    let socket: EventTarget | undefined;
    vi.stubGlobal('WebSocket', function open() {
      socket = new FakeWebSocket();
      return socket;
    });
    const ear = new Ear();
    openWebSocket({ ...site, token: () => Promise.reject(new Error('away')) })(ear);
    socket?.dispatchEvent(new Event('open'));
    await settle();
    expect([closed, ear.take()]).toEqual([[1000], ['closed 1006']]);
  });
});

describe('a browser without WebSockets', () => {
  it('hears that the way is closed, after the call', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const ear = new Ear();
    openWebSocket(site)(ear);
    expect(ear.take()).toEqual([]);
    await settle();
    expect(ear.take()).toEqual(['closed 1006']);
  });

  it('hears nothing once the transport is closed', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const ear = new Ear();
    openWebSocket(site)(ear).close();
    await settle();
    expect(ear.take()).toEqual([]);
  });
});
