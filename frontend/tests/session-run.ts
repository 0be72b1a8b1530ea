/** A session that runs without a network, and the states that tests begin with. */
import type { Bye, ClientMessage, ServerMessage } from '../src/protocol.ts';
import { step } from '../src/session.ts';
import {
  type Effect,
  IDLE,
  type Phase,
  type SessionEvent,
  type SessionState,
  type TimerName,
} from '../src/session-state.ts';
import { CHANNEL, makeRow, makeSnapshot, makeWelcome } from './helpers.ts';

/** Runs a session and remembers what it did since last asked. */
export class Run {
  state: SessionState = IDLE;
  #effects: Effect[] = [];

  take(...events: SessionEvent[]): this {
    for (const event of events) {
      const [state, effects] = step(this.state, event, () => 0.5);
      this.state = state;
      this.#effects.push(...effects);
    }
    return this;
  }

  hear(...messages: ServerMessage[]): this {
    return this.take(
      ...messages.map((message) => ({ type: 'read', reading: { kind: 'message', message } }) as const),
    );
  }

  elapse(timer: TimerName): this {
    return this.take({ type: 'elapsed', timer });
  }

  effects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  sent(): ClientMessage[] {
    return this.effects().flatMap((effect) => (effect.do === 'send' ? [effect.message] : []));
  }

  applied(): number[] {
    return this.effects().flatMap((effect) => (effect.do === 'apply' ? [effect.frame.seq] : []));
  }

  timer(name: TimerName): number | undefined {
    const delays = this.effects().flatMap((effect) =>
      effect.do === 'set' && effect.timer === name ? [effect.delayMs] : [],
    );
    return delays.at(-1);
  }
}

export const start = { type: 'start' } as const;
export const opened = { type: 'opened' } as const;
export const watch = { type: 'watch', channel: CHANNEL } as const;
export const cut = { type: 'closed', code: 1006, reason: '' } as const;

export function makeRun(phase: Phase): Run {
  const run = new Run().take(watch);
  if (phase === 'idle') return run;
  run.take(start);
  if (phase === 'connecting') return run;
  run.take(opened);
  if (phase === 'greeting') return run;
  if (phase === 'waiting') return run.take(cut);
  if (phase === 'ended') return run.hear(makeBye({ code: 4500 }));
  return run.hear(makeWelcome());
}

/** Live, joined, snapshot with seq 1 applied. */
export function makeLive(): Run {
  const run = makeRun('live').hear({ type: 'ok', id: 1 }, makeSnapshot({ rows: [makeRow(1, 1000)] }));
  run.effects();
  return run;
}

export function makeBye(more: Partial<Bye>): Bye {
  return { type: 'bye', code: 4000, reason: 'because', retry_ms: 0, resume: true, ...more };
}
