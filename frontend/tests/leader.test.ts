import { describe, expect, it } from 'vitest';
import { ALONE, type LeaderEffect, type LeaderEvent, type LeaderState, lead } from '../src/leader.ts';
import type { ClientMessage, ServerMessage } from '../src/protocol.ts';
import { makeDelta, makeWelcome } from './helpers.ts';

class Run {
  state: LeaderState = ALONE;

  take(event: LeaderEvent): readonly LeaderEffect[] {
    const [state, effects] = lead(this.state, event);
    this.state = state;
    return effects;
  }

  said(tab: string, ...messages: ClientMessage[]): readonly LeaderEffect[] {
    return messages.flatMap((message) => this.take({ type: 'said', tab, message }));
  }

  heard(message: ServerMessage): readonly LeaderEffect[] {
    return this.take({ type: 'heard', reading: { kind: 'message', message } });
  }
}

const hello = { type: 'hello' } as const;

function join(id: number, channel: string, cursor?: string): ClientMessage {
  return { type: 'join', id, channel, ...(cursor === undefined ? {} : { cursor }) };
}

function leave(id: number, channel: string): ClientMessage {
  return { type: 'leave', id, channel };
}

describe('a leader', () => {
  it('minds who says hello, and passes on the welcome it has', () => {
    const run = new Run();
    expect(run.said('one', hello)).toEqual([{ do: 'mind', tab: 'one' }]);
    const reading = { kind: 'message', message: makeWelcome() } as const;
    expect(run.heard(reading.message)).toEqual([{ do: 'tell', tab: null, reading }]);
    expect(run.said('two', hello)).toEqual([
      { do: 'mind', tab: 'two' },
      { do: 'tell', tab: 'two', reading },
    ]);
  });

  it('welcomes later ones with the regions of now', () => {
    const run = new Run();
    run.heard(makeWelcome({ regions: 'a' }));
    run.heard({ type: 'regions', mark: 'b' });
    expect(run.said('two', hello).at(-1)).toEqual({
      do: 'tell',
      tab: 'two',
      reading: { kind: 'message', message: makeWelcome({ regions: 'b' }) },
    });
  });

  it('asks under numbers of its own and answers under theirs', () => {
    const run = new Run();
    run.said('one', join(7, 'region:a'));
    expect(run.said('two', join(7, 'region:b', 'c1'))).toEqual([
      { do: 'send', message: { type: 'join', id: 2, channel: 'region:b', cursor: 'c1' } },
    ]);
    expect(run.heard({ type: 'ok', id: 2 })).toEqual([
      { do: 'tell', tab: 'two', reading: { kind: 'message', message: { type: 'ok', id: 7 } } },
    ]);
    expect(run.heard({ type: 'ok', id: 2 })).toEqual([]);
  });

  it('joins again for each tab, so that each gets a picture', () => {
    const run = new Run();
    run.said('one', join(1, 'region:a'));
    expect(run.said('two', join(1, 'region:a'))).toMatchObject([{ do: 'send', message: { type: 'join' } }]);
  });

  it('leaves what the last tab leaves', () => {
    const run = new Run();
    run.said('one', join(1, 'region:a'));
    run.said('two', join(1, 'region:a'));
    const ok = { kind: 'message', message: { type: 'ok', id: 2 } };
    expect(run.said('one', leave(2, 'region:a'))).toEqual([{ do: 'tell', tab: 'one', reading: ok }]);
    expect(run.said('two', leave(2, 'region:a'))).toEqual([
      { do: 'send', message: { type: 'leave', id: 3, channel: 'region:a' } },
      { do: 'tell', tab: 'two', reading: ok },
    ]);
  });

  it('leaves what nobody watches once a tab is gone', () => {
    const run = new Run();
    run.said('one', join(1, 'region:a'), join(2, 'region:b'));
    run.said('two', join(1, 'region:a'));
    expect(run.take({ type: 'left', tab: 'one' })).toEqual([
      { do: 'send', message: { type: 'leave', id: 4, channel: 'region:b' } },
    ]);
    expect(run.take({ type: 'left', tab: 'one' })).toEqual([]);
  });

  it('tells frames to all, commands to the stream, acks to nobody', () => {
    const run = new Run();
    expect(run.heard(makeDelta())).toMatchObject([{ do: 'tell', tab: null }]);
    expect(run.take({ type: 'heard', reading: { kind: 'strange' } })).toMatchObject([{ tab: null }]);
    expect(run.said('one', { type: 'send', id: 3, text: 'hi' })).toMatchObject([{ do: 'send' }]);
    expect(run.said('one', { type: 'ack', seq: 3 })).toEqual([]);
  });
});
