import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FleetChange, type FleetWatch, watchFleet } from '../src/client.ts';
import type { ServerMessage } from '../src/protocol.ts';
import { CHANNEL, makeDelta, makeEvent, makeRow, makeSnapshot, makeWelcome } from './helpers.ts';
import { encodePacked } from './packed-encoder.ts';
import { FakeStorage } from './transports/fakes.ts';

/** The server's end of the newest WebSocket. */
class FakeWebSocket extends EventTarget {
  static readonly OPEN = 1;
  static last: FakeWebSocket;
  readonly readyState = FakeWebSocket.OPEN;
  readonly url: URL;
  readonly said: string[] = [];
  isClosed = false;

  constructor(url: URL) {
    super();
    this.url = url;
    FakeWebSocket.last = this;
    queueMicrotask(() => this.dispatchEvent(new Event('open')));
  }

  send(text: string): void {
    this.said.push(text);
  }

  close(): void {
    this.isClosed = true;
  }

  say(message: ServerMessage): void {
    const isState = message.type === 'snapshot' || message.type === 'delta';
    const data = isState ? encodePacked(message) : JSON.stringify(message);
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

let changes: FleetChange[];
let told: unknown[];
let tokens: number;
let fleet: FleetWatch;

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.stubGlobal('WebSocket', FakeWebSocket);
  vi.stubGlobal('localStorage', new FakeStorage());
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', new EventTarget());
  changes = [];
  told = [];
  tokens = 0;
  fleet = watchFleet({
    url: 'https://fleet.test',
    channels: [CHANNEL],
    token: async () => `secret ${++tokens}`,
    onChange: (change) => changes.push(change),
    onEvent: (event) => told.push(event.event_id),
    onRefused: (channel, reason) => told.push(`${channel}: ${reason}`),
  });
  await vi.advanceTimersByTimeAsync(0);
  FakeWebSocket.last.say(makeWelcome({ server_time: 1_000_000, stale_after_s: 5 }));
  FakeWebSocket.last.say({ type: 'ok', id: 1 });
  FakeWebSocket.last.say(makeSnapshot({ rows: [makeRow(7, 1_000_000)] }));
});

afterEach(() => {
  fleet.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('watchFleet', () => {
  it('asks the site with the token and shows what it says', () => {
    expect(FakeWebSocket.last.url.href).toBe('wss://fleet.test/live/v1/ws');
    expect(FakeWebSocket.last.said[0]).toBe('{"type":"hello","window":32,"token":"secret 1"}');
    expect(fleet.vehicles()).toMatchObject([{ id: 7, slug: 'bus-7', lat: 57.7, status: 'moving' }]);
    expect(fleet.report()).toMatchObject({ level: 'ok', transport: 'websocket' });
  });

  it('renews its token before it ends, and asks for another one at the next connection', async () => {
    FakeWebSocket.last.say(makeWelcome({ expires_in_s: 30 }));
    await vi.advanceTimersByTimeAsync(24_000);
    expect(FakeWebSocket.last.said.at(-1)).toBe('{"type":"auth","id":2,"token":"secret 2"}');
    FakeWebSocket.last.say({ type: 'bye', code: 4005, reason: '', retry_ms: 0, resume: true });
    await vi.advanceTimersByTimeAsync(1000);
    expect(FakeWebSocket.last.said[0]).toBe('{"type":"hello","window":32,"token":"secret 3"}');
  });

  it('tells what changed, by news or by age, and who is gone', () => {
    changes = [];
    FakeWebSocket.last.say(makeDelta({ rows: [makeRow(7, 1_000_500, { lat: 57.8 })] }));
    vi.advanceTimersByTime(8000);
    FakeWebSocket.last.say(makeDelta({ seq: 3, prev: 2, gone: [7] }));
    const lats = changes.flatMap(({ changed }) => changed.map(({ lat, status }) => [lat, status]));
    expect(lats).toEqual([
      [57.8, 'moving'],
      [57.8, 'stale'],
    ]);
    expect(changes.at(-1)?.removed).toEqual([7]);
  });

  it('tells events and refusals', () => {
    FakeWebSocket.last.say(makeEvent({ seq: 2 }));
    FakeWebSocket.last.say({ type: 'kick', channel: CHANNEL, code: 'forbidden' });
    expect(told).toEqual([5, `${CHANNEL}: You may not watch this any more.`]);
    expect(fleet.vehicles()).toEqual([]);
  });

  it('ends when stopped', () => {
    const last = FakeWebSocket.last;
    fleet.stop();
    vi.advanceTimersByTime(3_600_000);
    expect([last.isClosed, FakeWebSocket.last === last]).toEqual([true, true]);
  });
});
