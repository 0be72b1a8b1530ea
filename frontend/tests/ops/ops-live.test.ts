import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OpsLive } from '../../src/ops/ops-live.ts';
import type { Note, ServerMessage } from '../../src/protocol.ts';
import { makePresence, makeReport, makeWelcome } from '../helpers.ts';
import { FakeTransport } from '../transports/fakes.ts';

const OPS = { type: 'ops', channel: 'admin:ops', time: 1, processes: [makeReport(1)] } as const;

let server: FakeTransport;
let noted: Note[];
let live: OpsLive;

function say(...messages: ServerMessage[]): void {
  server.say(...messages);
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  noted = [];
  live = new OpsLive(
    (listener) => {
      server = new FakeTransport('websocket', listener);
      return server;
    },
    { noted: (note) => noted.push(note) },
  );
  live.start();
  server.listener.opened();
  say(makeWelcome());
});

afterEach(() => {
  vi.useRealTimers();
});

it('joins the room and passes on what is told in it', () => {
  expect(server.sent).toContainEqual({ type: 'join', id: 1, channel: 'admin:ops' });
  say({ type: 'ok', id: 1 }, makePresence([], { channel: 'admin:ops' }), OPS);
  expect(noted.map(({ type }) => type)).toEqual(['presence', 'ops']);
});

it('is relied on while reports come', () => {
  expect(live.isReporting(Date.now())).toBe(false);
  say({ type: 'ok', id: 1 }, OPS);
  expect([live.isReporting(Date.now() + 5999), live.isReporting(Date.now() + 6000)]).toEqual([true, false]);
});

it('is not relied on when the room is refused, and says why it has ended', () => {
  say({ type: 'error', id: 1, code: 'unknown_channel', reason: '' });
  expect([live.isReporting(Date.now()), live.endReason]).toEqual([false, null]);
  say({ type: 'bye', code: 4505, reason: 'Access withdrawn.', retry_ms: null, resume: false });
  expect(live.endReason).toBe('Access withdrawn.');
});
