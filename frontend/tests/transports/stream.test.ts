import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../src/protocol.ts';
import { Stream, type StreamEvents } from '../../src/transports/stream.ts';
import { queryOf, type StreamPlan } from '../../src/transports/stream-plan.ts';
import { makeDelta, makeSnapshot } from '../helpers.ts';
import { Ear, settle } from './fakes.ts';

interface Begun {
  readonly plan: StreamPlan;
  readonly events: StreamEvents;
  readonly token: string | null;
  isStopped: boolean;
}

let begun: Begun[];
let commands: Command[];
let ear: Ear;
let tokens: string[];
let stream: Stream;

function last(): Begun {
  const run = begun.at(-1);
  if (run === undefined) throw new Error('nothing was begun');
  return run;
}

function asked(): string[] {
  return begun.map(({ plan }) => decodeURIComponent(queryOf(plan).toString()));
}

function join(id: number, channel: string, cursor?: string): void {
  stream.send({ type: 'join', id, channel, ...(cursor === undefined ? {} : { cursor }) });
}

beforeEach(async () => {
  begun = [];
  commands = [];
  tokens = [];
  ear = new Ear();
  stream = makeStream();
  await settle();
  stream.send({ type: 'hello' });
});

function makeStream(): Stream {
  return new Stream(
    {
      name: 'sse',
      token: async () => tokens.shift() ?? null,
      begin(plan, events, token) {
        const run = { plan, events, token, isStopped: false };
        begun.push(run);
        return () => {
          run.isStopped = true;
        };
      },
      async command(message) {
        commands.push(message);
        return { kind: 'message', message: { type: 'ok', id: message.id } };
      },
    },
    ear,
  );
}

describe('a stream', () => {
  it('opens itself, then asks once for all that is joined, and says ok', async () => {
    join(1, 'region:a');
    join(2, 'region:b', 'c7');
    await settle();
    expect(asked()).toEqual(['channel=region:a&channel=region:b&cursor=,c7']);
    expect(ear.take()).toEqual(['opened', 'ok 1', 'ok 2']);
  });

  it('asks anew with what it has seen when the channels change', async () => {
    join(1, 'region:a');
    await settle();
    last().events.moved('c1');
    last().events.heard({ kind: 'message', message: makeSnapshot() });
    join(2, 'region:b');
    await settle();
    expect(asked()[1]).toBe('channel=region:a&channel=region:b&cursor=c1,');
    expect(begun.map(({ isStopped }) => isStopped)).toEqual([true, false]);
    last().events.moved('c2,d1');
    stream.send({ type: 'leave', id: 3, channel: 'region:a' });
    await settle();
    expect(asked()[2]).toBe('channel=region:b&cursor=d1');
  });

  it('asks for a snapshot when the session lost its place', async () => {
    join(1, 'region:a');
    await settle();
    last().events.moved('c1');
    join(2, 'region:a');
    await settle();
    expect(asked()[1]).toBe('channel=region:a');
  });

  it('asks for nothing while nothing is joined', async () => {
    await settle();
    expect(begun).toEqual([]);
    join(1, 'region:a');
    await settle();
    stream.send({ type: 'leave', id: 2, channel: 'region:a' });
    await settle();
    expect([begun.length, last().isStopped]).toEqual([1, true]);
  });

  it.each([
    { type: 'error', id: null, channel: 'region:a', code: 'forbidden', reason: '' },
    { type: 'kick', channel: 'region:a', code: 'forbidden' },
  ] as const)('asks no more for what it may not see after $type', async (message) => {
    join(1, 'region:a');
    join(2, 'region:b');
    await settle();
    last().events.heard({ kind: 'message', message });
    await settle();
    expect(asked()[1]).toBe('channel=region:b');
  });

  it('does not listen to what it stopped', async () => {
    join(1, 'region:a');
    await settle();
    const old = last();
    join(2, 'region:b');
    await settle();
    ear.take();
    old.events.heard({ kind: 'message', message: makeDelta() });
    old.events.moved('late');
    old.events.failed(1006, '');
    expect(ear.take()).toEqual([]);
  });

  it('posts what needs an answer and keeps acks to itself', async () => {
    stream.send({ type: 'ack', seq: 3 });
    stream.send({ type: 'send', id: 9, channel: 'driver:van', text: 'hi' });
    await settle();
    expect(commands.map(({ type }) => type)).toEqual(['send']);
    expect(ear.take()).toContain('ok 9');
  });

  it('goes on with a fresh token from where it is, and with the old one if there is none', async () => {
    tokens = ['first', 'second'];
    stream = makeStream();
    await settle();
    join(1, 'region:a');
    await settle();
    last().events.moved('c1');
    stream.send({ type: 'auth', id: 2 });
    await settle();
    stream.send({ type: 'auth', id: 3 });
    await settle();
    expect(begun.map(({ token }) => token)).toEqual(['first', 'second']);
    expect(asked()[1]).toBe('channel=region:a&cursor=c1');
    expect(ear.take()).toContain('ok 2');
  });

  it('is over when its stream fails', async () => {
    join(1, 'region:a');
    await settle();
    ear.take();
    last().events.failed(4500, 'who?');
    last().events.failed(4500, 'who?');
    expect(ear.take()).toEqual(['closed 4500']);
  });

  it('says nothing once closed', async () => {
    join(1, 'region:a');
    stream.close();
    await settle();
    expect([begun.length, ear.take()]).toEqual([0, ['opened']]);
  });
});
