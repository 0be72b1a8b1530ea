import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBest } from '../../src/transports/best.ts';
import { TransportMemory } from '../../src/transports/memory.ts';
import type { OpenTransport, Transport, TransportName } from '../../src/transports/transport.ts';
import { CHANNEL, makeSnapshot, makeWelcome } from '../helpers.ts';
import { Ear, FakeStorage, FakeTransport } from './fakes.ts';

const join = { type: 'join', id: 1, channel: CHANNEL } as const;

let rungs: Partial<Record<TransportName, FakeTransport>>;
let memory: TransportMemory;
let open: OpenTransport;
let ear: Ear;
let best: Transport;

function fake(name: TransportName): OpenTransport {
  return (listener) => {
    const rung = new FakeTransport(name, listener);
    rungs[name] = rung;
    return rung;
  };
}

function rung(name: TransportName): FakeTransport {
  const running = rungs[name];
  if (running === undefined) throw new Error(`${name} was not opened`);
  return running;
}

/** As the session does. */
async function connect(): Promise<void> {
  ear = new Ear();
  best = open(ear);
  await vi.advanceTimersByTimeAsync(0);
  best.send({ type: 'hello' });
  best.send(join);
}

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  rungs = {};
  memory = new TransportMemory(new FakeStorage());
  open = openBest(
    { websocket: fake('websocket'), sse: fake('sse'), longpoll: fake('longpoll'), poll: fake('poll') },
    memory,
  );
  await connect();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the best transport', () => {
  it('repeats to each rung what the session said, and holds back until one delivers', () => {
    expect(ear.take()).toEqual(['opened']);
    rung('websocket').listener.opened();
    rung('websocket').say(makeWelcome());
    vi.advanceTimersByTime(3000);
    rung('sse').listener.opened();
    expect(rung('sse').sent).toEqual([{ type: 'hello' }, join]);
    rung('sse').say(makeWelcome(), { type: 'ok', id: 1 });
    expect(ear.take()).toEqual([]);
    rung('sse').say(makeSnapshot());
    expect(ear.take()).toEqual(['welcome', 'ok 1', 'snapshot 1']);
    expect([best.name, rung('websocket').isClosed]).toEqual(['sse', true]);
  });

  it('speaks to the winner only', () => {
    rung('websocket').listener.opened();
    rung('websocket').say(makeSnapshot());
    best.send({ type: 'ack', seq: 1 });
    expect(rung('websocket').sent.at(-1)).toEqual({ type: 'ack', seq: 1 });
  });

  it('takes a welcome for all when nothing is watched', () => {
    best.send({ type: 'leave', id: 2, channel: CHANNEL });
    rung('websocket').say(makeWelcome());
    expect(ear.take()).toContain('welcome');
  });

  it('takes a welcome for all when it polls, as there may be nothing new', () => {
    vi.advanceTimersByTime(6000);
    rung('longpoll').listener.opened();
    rung('longpoll').say({ type: 'ok', id: 1 }, makeWelcome());
    expect([ear.take(), best.name]).toEqual([['opened', 'ok 1', 'welcome'], 'longpoll']);
  });

  it('begins with the remembered rung and says so', async () => {
    vi.advanceTimersByTime(3000);
    rung('sse').say(makeSnapshot());
    rung('sse').listener.closed(1006, '');
    expect(ear.take().at(-1)).toBe('closed 1006');
    rungs = {};
    await connect();
    expect([Object.keys(rungs), best.name]).toEqual([['sse'], 'sse']);
  });

  it('comes back on a WebSocket once it works again', async () => {
    vi.advanceTimersByTime(3000);
    rung('sse').say(makeSnapshot());
    ear.take();
    vi.advanceTimersByTime(600_000);
    rung('websocket').listener.opened();
    rung('websocket').say(makeWelcome(), makeSnapshot({ seq: 1 }));
    expect(ear.take()).toEqual(['closed 1000']);
    rungs = {};
    await connect();
    expect(Object.keys(rungs)).toEqual(['websocket']);
  });

  it('does not take something strange for a server', () => {
    rung('websocket').listener.closed(1006, '');
    rung('sse').listener.received({ kind: 'broken' });
    expect([rung('sse').isClosed, rung('longpoll').isClosed]).toEqual([true, false]);
    expect(ear.take()).toEqual(['opened']);
  });

  it('gives each rung its time', () => {
    vi.advanceTimersByTime(1000);
    rung('websocket').listener.closed(1006, '');
    vi.advanceTimersByTime(2999);
    expect(Object.keys(rungs)).toEqual(['websocket', 'sse']);
    vi.advanceTimersByTime(1);
    expect(Object.keys(rungs)).toEqual(['websocket', 'sse', 'longpoll']);
  });

  it('leaves nothing running when closed', () => {
    vi.advanceTimersByTime(3000);
    best.close();
    vi.advanceTimersByTime(60_000);
    expect(Object.keys(rungs)).toEqual(['websocket', 'sse']);
    expect([rung('websocket').isClosed, rung('sse').isClosed]).toEqual([true, true]);
  });
});

describe('the memory', () => {
  it('lasts ten minutes', () => {
    memory.remember('poll');
    expect(memory.load()).toEqual({ name: 'poll', leftMs: 600_000 });
    vi.advanceTimersByTime(599_000);
    expect(memory.load()).toEqual({ name: 'poll', leftMs: 1000 });
    vi.advanceTimersByTime(1000);
    expect(memory.load()).toBeNull();
  });

  it.each(['', 'pigeon 9999999', 'sse', 'sse soon', `sse ${1e15}`])('makes nothing of %j', (text) => {
    const storage = new FakeStorage();
    storage.setItem('fleet-transport', text);
    expect(new TransportMemory(storage).load()).toBeNull();
  });
});
