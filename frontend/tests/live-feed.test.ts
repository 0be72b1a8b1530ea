import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveFeed } from '../src/live-feed.ts';
import type { ClientMessage, FleetEvent, ServerMessage } from '../src/protocol.ts';
import type { Transport, TransportListener } from '../src/transports/transport.ts';
import { makeDelta, makeEvent, makeRow, makeSnapshot, makeWelcome } from './helpers.ts';

/** The server's end of a connection, by hand. */
class FakeServer {
  sent: ClientMessage[] = [];
  connections = 0;
  #listener: TransportListener | null = null;

  readonly open = (listener: TransportListener): Transport => {
    this.#listener = listener;
    this.connections += 1;
    return { name: 'websocket', send: (message) => this.sent.push(message), close: () => undefined };
  };

  say(...messages: ServerMessage[]): void {
    for (const message of messages) this.#listener?.received({ kind: 'message', message });
  }

  welcome(): void {
    this.#listener?.opened();
    this.say(makeWelcome({ server_time: Date.now() + 60_000 }));
  }

  cut(): void {
    this.#listener?.closed(1006, '');
  }

  takeSent(): string[] {
    const sent = this.sent.map((message) =>
      'channel' in message ? `${message.type} ${message.channel}` : message.type,
    );
    this.sent = [];
    return sent;
  }
}

let server: FakeServer;
let feed: LiveFeed;
let happened: FleetEvent[];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  server = new FakeServer();
  happened = [];
  feed = new LiveFeed(server.open, {
    changed: () => undefined,
    refused: () => undefined,
    happened: (event) => happened.push(event),
  });
  feed.start();
  feed.watch(['region:a']);
  server.welcome();
  server.say({ type: 'ok', id: 1 }, makeSnapshot({ channel: 'region:a', rows: [makeRow(1, Date.now())] }));
  server.takeSent();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('LiveFeed', () => {
  it('resolves a question with its answer, or with null when it is cut off', async () => {
    const [first, second] = [1, 2].map((id) => feed.ask({ type: 'read', message_id: id }));
    server.say({ type: 'ok', id: 2 });
    server.cut();
    expect(await first).toMatchObject({ type: 'ok' });
    expect(await second).toBeNull();
  });

  it('keeps the old region until the new one is here', () => {
    feed.watch(['region:b']);
    expect(server.takeSent()).toEqual(['join region:b']);
    expect([feed.store.size, feed.isSettled]).toEqual([1, false]);
    server.say({ type: 'ok', id: 2 }, makeSnapshot({ channel: 'region:b', seq: 2, rows: [makeRow(2, 1)] }));
    expect(server.takeSent()).toEqual(['leave region:a']);
    expect(feed.store.byName().map(({ id }) => id)).toEqual([2]);
    expect(feed.isSettled).toBe(true);
  });

  it('changes its mind without leaving', () => {
    feed.watch(['region:b']);
    feed.watch(['region:a', 'region:b']);
    server.say({ type: 'ok', id: 2 }, makeSnapshot({ channel: 'region:b', seq: 2 }));
    expect(server.takeSent()).toEqual(['join region:b']);
  });

  it('is not settled by a connection alone', () => {
    feed.watch(['region:b']);
    server.cut();
    feed.nudge();
    server.welcome();
    expect(feed.isSettled).toBe(false);
    server.say({ type: 'ok', id: 3 }, makeSnapshot({ channel: 'region:b' }));
    expect(feed.isSettled).toBe(true);
  });

  it('does not wait for an answer that cannot come', () => {
    feed.watch(['region:b']);
    server.cut();
    expect(feed.store.size).toBe(0);
  });

  it('reads the age of fixes by the clock of the server', () => {
    expect(feed.serverNowMs).toBe(Date.now() + 60_000);
    vi.advanceTimersByTime(61_000);
    feed.advance();
    expect(feed.store.get(1)?.status).toBe(1);
  });

  it('measures how far behind it is, from deltas only', () => {
    expect(feed.report()).toMatchObject({ level: 'ok', behindMs: null });
    server.say(makeDelta({ channel: 'region:a', rows: [makeRow(1, feed.serverNowMs - 700)] }));
    expect(feed.report()).toMatchObject({ level: 'ok', behindMs: 700, transport: 'websocket' });
  });

  it('measures polls too, whose deltas all begin anew, but not what was missed', () => {
    server.cut();
    feed.nudge();
    server.welcome();
    server.say({ type: 'ok', id: 2 });
    const channel = 'region:a';
    server.say(makeDelta({ channel, prev: 0, rows: [makeRow(1, feed.serverNowMs - 9000)] }));
    expect(feed.report().behindMs).toBeNull();
    server.say(makeDelta({ channel, prev: 0, rows: [makeRow(1, feed.serverNowMs - 500)] }));
    expect(feed.report().behindMs).toBe(500);
  });

  it('says since when it is lost, and comes back by itself', () => {
    server.cut();
    const lostAtMs = Date.now();
    expect(feed.report().level).toBe('connecting');
    vi.advanceTimersByTime(2000);
    expect(feed.report()).toMatchObject({ level: 'lost', lostAtMs });
    expect(server.connections).toBe(2);
    server.welcome();
    expect(feed.report()).toMatchObject({ level: 'ok', lostAtMs: null });
  });

  it('lets nothing grow stale while it hears nothing', () => {
    server.cut();
    vi.advanceTimersByTime(9_000_000);
    feed.advance();
    expect(feed.store.get(1)?.status).toBe(1);
  });

  it('shows that the bus is stale until it is not', () => {
    server.say({ type: 'heartbeat', server_time: 1, bus: 'stale' });
    expect(feed.report().level).toBe('late');
    server.say({ type: 'heartbeat', server_time: 1, bus: 'ok' });
    expect(feed.report().level).toBe('ok');
  });

  it('tells an event once, however often it comes', () => {
    const event = makeEvent({ channel: 'region:a' });
    server.say(event, { ...event, seq: 4 }, { ...event, seq: 5, event_id: 6 });
    expect(happened.map(({ event_id }) => event_id)).toEqual([5, 6]);
  });

  it('forgets a room that it lost, and goes on', () => {
    server.say({ type: 'kick', channel: 'region:a', code: 'forbidden' });
    expect([feed.store.size, feed.report().level]).toEqual([0, 'ok']);
  });

  it('comes back at once when nudged', () => {
    server.cut();
    feed.nudge();
    expect(server.connections).toBe(2);
  });
});
