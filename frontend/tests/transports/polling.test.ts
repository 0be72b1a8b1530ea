import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLongPoll, openPoll } from '../../src/transports/polling.ts';
import type { OpenTransport, Transport } from '../../src/transports/transport.ts';
import { CHANNEL, makeDelta, makeSnapshot, makeWelcome } from '../helpers.ts';
import { Ear } from './fakes.ts';

interface Asked {
  readonly url: URL;
  readonly init: RequestInit;
  answer(response: Response): Promise<void>;
}

const site = { base: new URL('http://fleet.test/live/v1/'), token: () => 'secret' };

let asked: Asked[];
let ear: Ear;

function last(): Asked {
  const question = asked.at(-1);
  if (question === undefined) throw new Error('nothing was asked');
  return question;
}

function news(cursor: string, ...messages: object[]): Response {
  return Response.json({ cursor, messages }, { headers: { etag: `"${cursor}"` } });
}

async function connect(open: OpenTransport, cursor?: string): Promise<Transport> {
  const transport = open(ear);
  await vi.advanceTimersByTimeAsync(0);
  transport.send({ type: 'hello' });
  transport.send({ type: 'join', id: 1, channel: CHANNEL, ...(cursor === undefined ? {} : { cursor }) });
  await vi.advanceTimersByTimeAsync(0);
  return transport;
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  ear = new Ear();
  vi.stubGlobal('fetch', (url: URL, init: RequestInit) => {
    return new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener('abort', reject);
      const answer = async (response: Response) => {
        resolve(response);
        await vi.advanceTimersByTimeAsync(0);
      };
      asked.push({ url, init, answer });
    });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('long polling', () => {
  it('asks again at once, from where the answer ended', async () => {
    await connect(openLongPoll(site));
    expect(last().url.search).toBe('?channel=region%3Ahaga&hello=1&wait=25');
    const snapshot = { ...makeSnapshot(), fields: ['vehicle', 'fix_time', 'lat', 'lon', 'speed_mps'] };
    await last().answer(news('c1', makeWelcome(), makeDelta({ seq: 1, prev: 0 }), snapshot));
    expect(ear.take()).toEqual(['opened', 'ok 1', 'welcome', 'delta 1', 'broken']);
    expect([asked.length, last().url.search]).toEqual([2, '?channel=region%3Ahaga&wait=25']);
    expect(last().init.headers).toEqual({ authorization: 'Bearer secret', 'if-none-match': '"c1"' });
  });

  it('resumes with the cursor in the query', async () => {
    await connect(openLongPoll(site), 'c7');
    expect(last().url.searchParams.get('cursor')).toBe('c7');
  });

  it('takes nothing new as a sign of life', async () => {
    await connect(openLongPoll(site));
    ear.take();
    await last().answer(new Response(null, { status: 304 }));
    expect(ear.take()).toEqual(['strange']);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [401, 4500],
    [403, 4501],
    [503, 1006],
    [404, 1006],
  ])('ends with status %d as close %d', async (status, code) => {
    await connect(openLongPoll(site));
    ear.take();
    await last().answer(new Response('', { status }));
    expect(ear.take()).toEqual([`closed ${code}`]);
    expect(asked).toHaveLength(1);
  });

  it('waits as long as it is told after too many questions', async () => {
    await connect(openLongPoll(site));
    ear.take();
    await last().answer(new Response('', { status: 429, headers: { 'retry-after': '3' } }));
    await vi.advanceTimersByTimeAsync(2999);
    expect([asked.length, ear.take()]).toEqual([1, []]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(2);
  });

  it('comes back when the token that it holds has ended', async () => {
    await connect(openLongPoll(site));
    await last().answer(news('c1', makeWelcome()));
    ear.take();
    await last().answer(new Response('', { status: 401 }));
    expect(ear.take()).toEqual(['closed 4005']);
  });

  it('hands up as broken what is no answer', async () => {
    await connect(openLongPoll(site));
    ear.take();
    await last().answer(Response.json({ hello: 'portal' }));
    expect(ear.take()).toEqual(['broken']);
  });

  it('breaks off when the answer is no JSON', async () => {
    await connect(openLongPoll(site));
    ear.take();
    await last().answer(new Response('<html>'));
    expect(ear.take()).toEqual(['closed 1006']);
  });

  it('takes back its question when closed', async () => {
    const transport = await connect(openLongPoll(site));
    ear.take();
    transport.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked.length, last().init.signal?.aborted, ear.take()]).toEqual([1, true, []]);
  });
});

describe('polling', () => {
  it('asks every other second', async () => {
    await connect(openPoll(site));
    expect(last().url.searchParams.get('wait')).toBe('0');
    await last().answer(news('c1', makeWelcome()));
    await vi.advanceTimersByTimeAsync(1999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(2);
  });

  it('posts commands with a header that no foreign form can send', async () => {
    const transport = await connect(openPoll(site));
    ear.take();
    transport.send({ type: 'send', id: 4, channel: 'driver:van', text: 'hi' });
    expect(last()).toMatchObject({ url: { pathname: '/live/v1/command' }, init: { method: 'POST' } });
    expect(last().init.headers).toMatchObject({ 'x-fleet': '1' });
    await last().answer(Response.json({ type: 'ok', id: 4, result: {} }));
    expect(ear.take()).toEqual(['ok 4']);
  });

  it('takes a problem document for an error that may pass', async () => {
    const transport = await connect(openPoll(site));
    ear.take();
    transport.send({ type: 'send', id: 4, channel: 'driver:van', text: 'hi' });
    await last().answer(Response.json({ type: 'about:blank', status: 401 }, { status: 401 }));
    expect(ear.take()).toEqual(['error']);
  });
});
