import { describe, expect, it } from 'vitest';
import {
  climb,
  FOOT,
  LATE_AFTER_MS,
  type LadderEffect,
  type LadderEvent,
  type LadderState,
  REMEMBER_MS,
  type Remembered,
} from '../src/ladder.ts';
import type { TransportName } from '../src/transports/transport.ts';

const late = { type: 'elapsed', timer: 'late' } as const;
const upgrade = { type: 'elapsed', timer: 'upgrade' } as const;
const dropped = { type: 'dropped' } as const;

function begin(remembered: Remembered | null = null): LadderEvent {
  return { type: 'begin', remembered };
}

function delivered(name: TransportName): LadderEvent {
  return { type: 'delivered', name };
}

function closed(name: TransportName, code = 1006): LadderEvent {
  return { type: 'closed', name, code, reason: '' };
}

class Run {
  state: LadderState = FOOT;
  #effects: LadderEffect[] = [];

  take(...events: LadderEvent[]): this {
    for (const event of events) {
      const [state, effects] = climb(this.state, event);
      this.state = state;
      this.#effects.push(...effects);
    }
    return this;
  }

  /** In short, without what is merely stopped; since last asked. */
  did(): string[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects
      .filter((effect) => effect.do !== 'cancel')
      .map((effect) => {
        if (effect.do === 'set') return `set ${effect.timer} ${effect.delayMs}`;
        if (effect.do === 'end') return `end ${effect.code}`;
        return 'name' in effect ? `${effect.do} ${effect.name}` : effect.do;
      });
  }
}

describe('a race', () => {
  it('is over when the WebSocket delivers', () => {
    const run = new Run().take(begin());
    expect(run.did()).toEqual(['open websocket', `set late ${LATE_AFTER_MS}`]);
    expect(run.take(delivered('websocket')).did()).toEqual(['win websocket']);
    expect(run.state.winner).toBe('websocket');
  });

  it('adds the next rung whenever time is up, and no fifth', () => {
    const run = new Run().take(begin(), late, late, late, late);
    expect(run.did().filter((what) => what.startsWith('open'))).toEqual([
      'open websocket',
      'open sse',
      'open longpoll',
      'open poll',
    ]);
    expect(run.state.running).toHaveLength(4);
  });

  it('is won by the first that delivers; the others are closed and it is remembered', () => {
    const run = new Run().take(begin(), late, late);
    run.did();
    expect(run.take(delivered('sse')).did()).toEqual([
      'close websocket',
      'close longpoll',
      'win sse',
      'remember sse',
      `set upgrade ${REMEMBER_MS}`,
    ]);
  });

  it('goes on at once when nobody runs any more', () => {
    const run = new Run().take(begin());
    run.did();
    expect(run.take(closed('websocket')).did()).toEqual(['open sse', `set late ${LATE_AFTER_MS}`]);
  });

  it('waits for those that still run', () => {
    const run = new Run().take(begin(), late);
    run.did();
    expect(run.take(closed('websocket')).did()).toEqual([]);
  });

  it('is lost when all have closed', () => {
    const run = new Run().take(begin(), closed('websocket'), closed('sse'), closed('longpoll'));
    run.did();
    expect(run.take(closed('poll', 1011)).did()).toEqual(['forget', 'end 1011']);
    expect(run.state.phase).toBe('resting');
  });

  it('ends when one is told to stay away', () => {
    const run = new Run().take(begin(), late);
    run.did();
    expect(run.take(closed('sse', 4500)).did()).toEqual(['close websocket', 'forget', 'end 4500']);
  });

  it('closes all when it is dropped', () => {
    const run = new Run().take(begin(), late);
    run.did();
    expect(run.take(dropped).did()).toEqual(['close websocket', 'close sse', 'forget']);
  });
});

describe('a WebSocket that has delivered', () => {
  it('is alone in the next race', () => {
    const run = new Run().take(begin(), delivered('websocket'), closed('websocket'));
    run.did();
    expect(run.take(begin()).did()).toEqual(['open websocket']);
    expect(run.take(closed('websocket')).did()).toEqual(['forget', 'end 1006']);
  });

  it.each([
    [closed('websocket'), closed('websocket')],
    [dropped, closed('websocket')],
  ])('gets company after %o and %o', (...misses) => {
    const run = new Run().take(begin(), delivered('websocket'), closed('websocket'));
    for (const miss of misses) run.take(begin(), miss);
    run.did();
    expect(run.take(begin(), late).did()).toContain('open sse');
  });

  it('is trusted again once it delivers again', () => {
    const run = new Run().take(begin(), delivered('websocket'), closed('websocket'));
    run.take(begin(), closed('websocket'), begin(), closed('websocket'), begin(), delivered('websocket'));
    run.take(dropped).did();
    expect(run.take(begin()).did()).toEqual(['open websocket']);
  });

  it('gives its end to the session', () => {
    const run = new Run().take(begin(), delivered('websocket'));
    run.did();
    expect(run.take(closed('websocket', 4000)).did()).toEqual(['end 4000']);
  });
});

describe('a remembered fallback', () => {
  const remembered = { name: 'longpoll', leftMs: 5000 } as const;

  it('starts the race, and its win does not prolong the memory', () => {
    const run = new Run().take(begin(remembered));
    expect(run.did()).toEqual(['open longpoll', `set late ${LATE_AFTER_MS}`]);
    expect(run.take(delivered('longpoll')).did()).toEqual(['win longpoll', 'set upgrade 5000']);
  });

  it('is forgotten when neither it nor those below deliver', () => {
    const run = new Run().take(begin(remembered), closed('longpoll'));
    run.did();
    expect(run.take(closed('poll')).did()).toEqual(['forget', 'end 1006']);
  });

  it('is kept when it breaks off after it delivered', () => {
    const run = new Run().take(begin(remembered), delivered('longpoll'));
    run.did();
    expect(run.take(closed('longpoll')).did()).toEqual(['end 1006']);
  });

  it('goes on while a WebSocket is tried beside it', () => {
    const run = new Run().take(begin(remembered), delivered('longpoll'));
    run.did();
    expect(run.take(upgrade).did()).toEqual(['open websocket', `set late ${LATE_AFTER_MS}`]);
    expect(run.state.winner).toBe('longpoll');
  });

  it.each([
    [closed('websocket'), []],
    [late, ['close websocket']],
  ])('stays for as long again when the trial ends with %o', (end, closing) => {
    const run = new Run().take(begin(remembered), delivered('longpoll'), upgrade);
    run.did();
    expect(run.take(end).did()).toEqual([...closing, 'remember longpoll', `set upgrade ${REMEMBER_MS}`]);
    expect(run.state.running).toEqual(['longpoll']);
  });

  it('makes way for a WebSocket that delivers', () => {
    const run = new Run().take(begin(remembered), delivered('longpoll'), upgrade);
    run.did();
    expect(run.take(delivered('websocket')).did()).toEqual([
      'close longpoll',
      'close websocket',
      'forget',
      'end 1000',
    ]);
    expect(run.take(begin()).did()).toEqual(['open websocket']);
  });

  it('takes the trial with it when it is dropped', () => {
    const run = new Run().take(begin(remembered), delivered('longpoll'), upgrade);
    run.did();
    expect(run.take(dropped).did()).toEqual(['close longpoll', 'close websocket']);
  });
});
