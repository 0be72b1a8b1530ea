import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSse } from '../../src/transports/sse.ts';
import { CHANNEL, makeDelta } from '../helpers.ts';
import { Ear, settle } from './fakes.ts';

class FakeEventSource {
  static readonly CLOSED = 2;
  static last: FakeEventSource;
  readonly url: URL;
  readyState = 1;
  onmessage: (event: { data: string; lastEventId: string }) => void = () => undefined;
  onerror: () => void = () => undefined;

  constructor(url: URL) {
    this.url = url;
    FakeEventSource.last = this;
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }

  break(readyState: number): void {
    this.readyState = readyState;
    this.onerror();
  }
}

const site = { base: new URL('http://fleet.test/live/v1/'), token: async () => tokens.shift() ?? 'none' };

let ear: Ear;
let status: number;
let tokens: string[];
let asked: unknown[];

async function connect(): Promise<void> {
  const transport = openSse(site)(ear);
  await settle();
  transport.send({ type: 'hello' });
  transport.send({ type: 'join', id: 1, channel: CHANNEL, cursor: 'c1' });
  await settle();
}

beforeEach(async () => {
  ear = new Ear();
  status = 200;
  vi.stubGlobal('EventSource', FakeEventSource);
  tokens = ['secret'];
  asked = [];
  vi.stubGlobal('fetch', async (_url: URL, init: RequestInit) => {
    asked.push(init.headers);
    return new Response('', { status });
  });
  await connect();
  ear.take();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('server-sent events', () => {
  it('are asked for with channels, cursor and token in the query', () => {
    expect(FakeEventSource.last.url.pathname).toBe('/live/v1/sse');
    expect(FakeEventSource.last.url.search).toBe('?channel=region%3Ahaga&cursor=c1&token=secret');
  });

  it('are handed up', () => {
    FakeEventSource.last.onmessage({ data: JSON.stringify(makeDelta({ seq: 4 })), lastEventId: 'c2' });
    expect(ear.take()).toEqual(['delta 4']);
  });

  it('may end now and then; the browser comes back', async () => {
    const source = FakeEventSource.last;
    for (const _ of [1, 2, 3]) {
      source.break(0);
      source.onmessage({ data: '{"type":"heartbeat","server_time":1,"bus":"ok"}', lastEventId: '' });
    }
    expect(ear.take()).toEqual(['heartbeat', 'heartbeat', 'heartbeat']);
    source.break(0);
    source.break(0);
    expect(ear.take()).toEqual(['closed 1006']);
  });

  it('that ended with an old token come back with a fresh one', async () => {
    tokens.push('fresh');
    FakeEventSource.last.break(2);
    await settle();
    expect(ear.take()).toEqual(['closed 1006']);
    expect(asked).toEqual([{ authorization: 'Bearer fresh' }]);
  });

  it.each([
    [401, 4500],
    [403, 4501],
    [502, 1006],
  ])('end for good with status %d as close %d', async (refusal, code) => {
    status = refusal;
    FakeEventSource.last.break(2);
    await settle();
    expect(ear.take()).toEqual([`closed ${code}`]);
  });
});

it('has failed in a browser without event streams', async () => {
  vi.unstubAllGlobals();
  ear.take();
  await connect();
  expect(ear.take().at(-1)).toBe('closed 1006');
});
