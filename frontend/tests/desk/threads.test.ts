import { beforeEach, describe, expect, it } from 'vitest';
import { MOST_MESSAGES } from '../../src/desk/thread.ts';
import { isKeptMessage, type KeptMessage, Threads } from '../../src/desk/threads.ts';
import type { FleetEvent } from '../../src/protocol.ts';
import { makeEvent, makeInfo } from '../helpers.ts';

const BUS = 'bus-1';

let threads: Threads;

function makeMessage(id: number, more: Record<string, unknown> = {}): FleetEvent {
  const data = {
    message: id,
    from_driver: true,
    author: 'phone',
    text: `text ${id}`,
    quick_replies: [],
    ...more,
  };
  return makeEvent({ event_id: id, kind: 'message', region: null, vehicles: { 1: makeInfo(1) }, data });
}

function makeReceipt(message: number, state: string): FleetEvent {
  return { ...makeMessage(message), kind: 'receipt', data: { message, state } };
}

function makeKept(id: number, more: Partial<KeptMessage> = {}): KeptMessage {
  return {
    ...{ id, vehicle: BUS, from_driver: true, author: 'phone', text: `text ${id}`, quick_replies: [] },
    ...{ state: 'delivered', sent_time: '2026-01-01T00:00:00Z' },
    ...more,
  };
}

function write(text: string, key = text): void {
  threads.write(BUS, { key, text, quickReplies: [] }, 5000);
}

function shown(): unknown[] {
  return threads.of(BUS).messages.map(({ id, text, state }) => [id, text, state]);
}

beforeEach(() => {
  threads = new Threads('chief');
});

describe('a thread', () => {
  it('is in the order of ids, each message once, from events and from the archive', () => {
    threads.happened(makeMessage(7));
    threads.load([makeKept(9, { text: 'text 9' }), makeKept(3)]);
    threads.happened(makeMessage(9));
    expect(threads.of(BUS).messages.map(({ id }) => id)).toEqual([3, 7, 9]);
  });

  it('knows how far a message has come, and never less', () => {
    threads.happened(makeMessage(7, { from_driver: false, author: 'other' }));
    threads.happened(makeReceipt(7, 'read'));
    threads.happened(makeReceipt(7, 'delivered'));
    threads.load([makeKept(7, { from_driver: false, state: 'sent' })]);
    expect(shown()).toEqual([[7, 'text 7', 'read']]);
  });

  it('counts what no dispatcher has read', () => {
    threads.happened(makeMessage(1));
    threads.happened(makeMessage(2));
    threads.happened(makeMessage(3, { from_driver: false }));
    expect([threads.unread(BUS), threads.waiting]).toEqual([2, [BUS]]);
    threads.happened(makeReceipt(1, 'read'));
    threads.advance(BUS, 2, 'read');
    expect([threads.unread(BUS), threads.waiting]).toEqual([0, []]);
  });

  it('forgets the oldest of what comes by itself, but not what was asked for', () => {
    for (let id = 100; id < 100 + MOST_MESSAGES; id += 1) threads.happened(makeMessage(id));
    threads.load([makeKept(1)]);
    expect(threads.of(BUS).messages[0]?.id).toBe(1);
    threads.happened(makeMessage(9999));
    expect([threads.of(BUS).messages[0]?.id, threads.of(BUS).hasOlder]).toEqual([100, true]);
  });
});

describe('a message from here', () => {
  it('is taken to be sent once, and is stored when the server says so', () => {
    write('hello');
    expect(threads.takeUnsent(0)).toMatchObject([{ vehicle: BUS, draft: { key: 'hello' } }]);
    expect(threads.takeUnsent(0)).toEqual([]);
    expect(shown()).toEqual([[null, 'hello', 'sending']]);
    threads.answered(BUS, 'hello', { type: 'ok', id: 1, result: { message_id: 12 } }, 0);
    expect(shown()).toEqual([[12, 'hello', 'sent']]);
  });

  it('is shown once, though it is told before its answer comes', () => {
    write('hello');
    threads.takeUnsent(0);
    threads.happened(makeMessage(12, { from_driver: false, author: 'chief', text: 'hello' }));
    threads.happened(makeReceipt(12, 'delivered'));
    threads.answered(BUS, 'hello', { type: 'ok', id: 1, result: { message_id: 12 } }, 0);
    expect(shown()).toEqual([[12, 'hello', 'delivered']]);
  });

  it('stays and says so when the feed is lost, and is sent again with its key', () => {
    write('hello');
    threads.takeUnsent(0);
    threads.answered(BUS, 'hello', null, 0);
    expect(threads.of(BUS).messages[0]).toMatchObject({ state: 'waiting', reason: '' });
    expect(threads.hasUnsent).toBe(true);
    expect(threads.takeUnsent(0)).toMatchObject([{ draft: { key: 'hello' } }]);
  });

  it('waits as long as a busy server asks', () => {
    write('hello');
    threads.takeUnsent(0);
    const busy = { type: 'error', id: 1, code: 'busy', reason: 'Later.', retry_after_s: 3 } as const;
    threads.answered(BUS, 'hello', busy, 1000);
    expect(threads.takeUnsent(3999)).toEqual([]);
    expect(threads.takeUnsent(4000)).toHaveLength(1);
  });

  it('that is refused waits for its author', () => {
    write('hello');
    threads.takeUnsent(0);
    threads.answered(BUS, 'hello', { type: 'error', id: 1, code: 'forbidden', reason: 'No.' }, 0);
    expect(threads.takeUnsent(9e9)).toEqual([]);
    expect(threads.of(BUS).messages[0]).toMatchObject({ state: 'refused', reason: 'No.' });
    threads.again(BUS, 'hello');
    expect(threads.takeUnsent(0)).toHaveLength(1);
    threads.discard(BUS, 'hello');
    expect([shown(), threads.hasUnsent]).toEqual([[], false]);
  });

  it('waits for the one before it', () => {
    write('first');
    write('second');
    expect(threads.takeUnsent(0)).toMatchObject([{ draft: { key: 'first' } }]);
    expect(threads.takeUnsent(0)).toEqual([]);
    threads.answered(BUS, 'first', { type: 'ok', id: 1, result: { message_id: 12 } }, 0);
    expect(threads.takeUnsent(0)).toMatchObject([{ draft: { key: 'second' } }]);
  });

  it('comes after all that is stored', () => {
    write('hello');
    threads.happened(makeMessage(99));
    expect(shown()).toEqual([
      [99, 'text 99', 'sent'],
      [null, 'hello', 'waiting'],
    ]);
  });
});

it('knows a message of the archive when it sees one', () => {
  expect(isKeptMessage(makeKept(1))).toBe(true);
  expect(isKeptMessage({ ...makeKept(1), state: 'lost' })).toBe(false);
});

describe("the driver's side", () => {
  beforeEach(() => {
    threads = new Threads('phone', 'driver');
  });

  it('counts what dispatchers wrote and the driver has not read', () => {
    threads.happened(makeMessage(1, { from_driver: false, author: 'chief' }));
    threads.happened(makeMessage(2));
    expect(threads.unread(BUS)).toBe(1);
  });

  it('writes as the driver, and knows its own message again', () => {
    write('hello');
    expect(threads.of(BUS).messages[0]).toMatchObject({ isFromDriver: true, author: 'phone' });
    threads.takeUnsent(0);
    threads.happened(makeMessage(12, { text: 'hello' }));
    expect(shown()).toEqual([[12, 'hello', 'sent']]);
  });
});
