import { beforeEach, describe, expect, it } from 'vitest';
import { openShared } from '../../src/transports/shared.ts';
import type { OpenTransport, Transport } from '../../src/transports/transport.ts';
import { makeDelta, makeSnapshot, makeWelcome } from '../helpers.ts';
import { Ear, FakeCommons, FakeTransport, settle } from './fakes.ts';

let streams: FakeTransport[];
let open: OpenTransport;

interface Tab {
  readonly ear: Ear;
  readonly transport: Transport;
}

function stream(): FakeTransport {
  const newest = streams.at(-1);
  if (newest === undefined) throw new Error('no stream was opened');
  return newest;
}

/** As a session does, on a stream that answers at once. */
async function makeTab(...channels: string[]): Promise<Tab> {
  const ear = new Ear();
  const transport = open(ear);
  await settle();
  transport.send({ type: 'hello' });
  channels.forEach((channel, index) => {
    transport.send({ type: 'join', id: index + 1, channel });
  });
  await settle();
  return { ear, transport };
}

beforeEach(() => {
  streams = [];
  open = openShared(
    'sse',
    (listener) => {
      const opened = new FakeTransport('sse', listener);
      streams.push(opened);
      queueMicrotask(() => listener.opened());
      return opened;
    },
    new FakeCommons(),
  );
});

describe('a shared stream', () => {
  it('is one for two tabs, with the channels of both; each hears its own', async () => {
    const one = await makeTab('region:a');
    const two = await makeTab('region:a', 'region:b');
    expect(streams).toHaveLength(1);
    stream().say(
      makeWelcome(),
      makeSnapshot({ seq: 1, channel: 'region:a' }),
      makeSnapshot({ seq: 2, channel: 'region:b' }),
    );
    await settle();
    expect(one.ear.take()).toEqual(['opened', 'welcome', 'snapshot 1']);
    expect(two.ear.take()).toEqual(['opened', 'welcome', 'snapshot 1', 'snapshot 2']);
  });

  it('answers each tab under its own numbers', async () => {
    await makeTab('region:a');
    const two = await makeTab('region:b');
    const ask = stream().sent.at(-1);
    stream().say({ type: 'ok', id: ask !== undefined && 'id' in ask ? ask.id : 0 });
    await settle();
    expect(two.ear.take()).toEqual(['opened', 'ok 1']);
  });

  it('passes on, with cursors, when the leading tab goes', async () => {
    const one = await makeTab('region:a');
    await makeTab('region:b');
    stream().say(
      makeWelcome(),
      makeSnapshot({ seq: 1, channel: 'region:b', cursor: 'b1' }),
      makeSnapshot({ seq: 2, channel: 'region:b', part: 1, parts: 2, cursor: 'half' }),
      makeSnapshot({ seq: 3, channel: 'region:b', part: 2, parts: 2, cursor: 'b2' }),
      makeDelta({ seq: 4, channel: 'region:b', cursor: 'b3' }),
    );
    await settle();
    one.transport.close();
    await settle();
    expect([streams.length, streams[0]?.isClosed]).toEqual([2, true]);
    expect(stream().sent).toEqual([
      { type: 'hello' },
      { type: 'join', id: 1, channel: 'region:b', cursor: 'b3' },
    ]);
  });

  it('leaves the channels of a tab that is gone', async () => {
    await makeTab('region:a');
    const two = await makeTab('region:b');
    two.transport.close();
    await settle();
    expect(stream().sent.at(-1)).toMatchObject({ type: 'leave', channel: 'region:b' });
    expect(streams).toHaveLength(1);
  });

  it('ends for all tabs when it fails, and one of them begins anew', async () => {
    const one = await makeTab('region:a');
    const two = await makeTab('region:b');
    stream().listener.closed(1006, '');
    await settle();
    expect([one.ear.take(), two.ear.take()]).toEqual([
      ['opened', 'closed 1006'],
      ['opened', 'closed 1006'],
    ]);
    await makeTab('region:a');
    expect(streams).toHaveLength(2);
  });

  it('is the tab’s own where there is nothing to share by', () => {
    const own: OpenTransport = (listener) => new FakeTransport('sse', listener);
    expect(openShared('sse', own, null)).toBe(own);
  });
});
