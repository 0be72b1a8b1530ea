import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Postbox } from '../../src/desk/postbox.ts';
import { Threads } from '../../src/desk/threads.ts';
import type { Answer, Question } from '../../src/protocol.ts';
import { settle } from '../transports/fakes.ts';

const BUS = 'bus-1';
const OK: Answer = { type: 'ok', id: 1, result: {} };

let threads: Threads;
let postbox: Postbox;
let asked: Question[];
let answers: Answer[];
let urls: string[];

function makeKept(id: number, more: object = {}): object {
  return {
    ...{ id, vehicle: BUS, from_driver: true, author: 'phone', text: 'hi', quick_replies: [] },
    ...{ state: 'delivered', sent_time: '2026-01-01T00:00:00Z' },
    ...more,
  };
}

/** The server's next pages, first to last. */
function serve(...pages: (object | null)[]): void {
  vi.stubGlobal('fetch', async (url: string) => {
    urls.push(url);
    const page = pages.shift();
    return page ? Response.json(page) : new Response('', { status: 503 });
  });
}

beforeEach(() => {
  threads = new Threads('chief');
  asked = [];
  answers = [];
  urls = [];
  postbox = new Postbox({
    threads,
    messagesUrl: '/m',
    nowMs: () => 0,
    ask: async (question) => {
      asked.push(question);
      return answers.shift() ?? null;
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('sending', () => {
  it('goes to the driver, with the answers that are offered', async () => {
    answers = [{ type: 'ok', id: 1, result: { message_id: 4 } }];
    postbox.write(BUS, { key: 'k', text: 'Hello', quickReplies: ['Yes'] });
    await settle();
    expect(asked).toEqual([
      { type: 'send', channel: 'driver:bus-1', key: 'k', text: 'Hello', quick_replies: ['Yes'] },
    ]);
    expect(threads.of(BUS).messages).toMatchObject([{ id: 4, state: 'sent' }]);
  });

  it('takes the next when one is sent, and keeps what nobody heard', async () => {
    answers = [OK];
    postbox.write(BUS, { key: 'a', text: 'A', quickReplies: [] });
    postbox.write(BUS, { key: 'b', text: 'B', quickReplies: [] });
    await settle();
    expect(asked.map(({ text }) => text)).toEqual(['A', 'B']);
    expect(threads.of(BUS).unsent).toMatchObject([{ text: 'B', state: 'waiting' }]);
    postbox.send();
    expect(asked.map(({ key }) => key)).toEqual(['a', 'b', 'b']);
  });
});

describe('reading', () => {
  beforeEach(() => {
    threads.load([makeKept(1), makeKept(2, { state: 'read' })] as never);
  });

  it('tells the server once of each message', async () => {
    answers = [OK];
    postbox.markRead(BUS);
    postbox.markRead(BUS);
    await settle();
    expect(asked).toEqual([{ type: 'read', message_id: 1 }]);
    expect(threads.unread(BUS)).toBe(0);
  });

  it.each([
    [null, 2],
    [{ type: 'error', id: 1, code: 'busy', reason: '' }, 2],
    [{ type: 'error', id: 1, code: 'forbidden', reason: '' }, 1],
  ] as const)('after %o has asked %d times in two tries', async (answer, times) => {
    answers = [answer];
    postbox.markRead(BUS);
    await settle();
    postbox.markRead(BUS);
    expect(asked).toHaveLength(times);
  });
});

describe('loading', () => {
  it('begins at the newest and goes back from the oldest', async () => {
    serve({ items: [makeKept(9), makeKept(8)], next: 'x' }, { items: [makeKept(7)], next: null });
    await postbox.load(BUS);
    expect([threads.of(BUS).hasOlder, postbox.loading(BUS)]).toEqual([true, 'loaded']);
    await postbox.load(BUS);
    expect(urls.map((url) => new URLSearchParams(url.slice(3)).get('before'))).toEqual([
      String(Number.MAX_SAFE_INTEGER),
      '8',
    ]);
    expect(threads.of(BUS).messages.map(({ id }) => id)).toEqual([7, 8, 9]);
    expect(threads.of(BUS).hasOlder).toBe(false);
  });

  it('says that it failed, and may be tried again', async () => {
    serve(null, { items: [], next: null });
    await postbox.load(BUS);
    expect(postbox.loading(BUS)).toBe('failed');
    await postbox.load(BUS);
    expect(postbox.loading(BUS)).toBe('loaded');
  });

  it('counts what waits to be read', async () => {
    serve({ items: [makeKept(1), makeKept(2, { vehicle: 'bus-2' })], next: null });
    expect(await postbox.loadUnread()).toHaveLength(2);
    expect([urls, threads.waiting]).toEqual([['/m?unread=true&limit=1000'], [BUS, 'bus-2']]);
  });
});
