/** All conversations that the page has heard of, by vehicle: what comes, what is sent, what is unread. No DOM, no clock. */
import { isListOf, isNumber, isRecord, isText } from '../guards.ts';
import { problemText } from '../problem-text.ts';
import type { Answer, FleetEvent } from '../protocol.ts';
import { t } from '../texts.ts';
import { type MessageState, type Side, Thread, type ThreadMessage } from './thread.ts';

/** As the REST API has it. */
export interface KeptMessage {
  readonly id: number;
  readonly vehicle: string | null;
  readonly from_driver: boolean;
  readonly author: string;
  readonly text: string;
  readonly quick_replies: readonly string[];
  readonly state: 'sent' | 'delivered' | 'read';
  readonly sent_time: string;
}

export interface Draft {
  /** Made here; a repeated send with it is the same message. */
  readonly key: string;
  readonly text: string;
  readonly quickReplies: readonly string[];
}

const PASSING_ERRORS = ['rate', 'busy'];
const RETRY_AFTER_S = 2;

export class Threads {
  readonly #me: string;
  readonly #side: Side;
  readonly #threads = new Map<string, Thread>();
  #version = 0;

  /** `me` is how the server names who writes here. */
  constructor(me: string, side: Side = 'dispatcher') {
    this.#me = me;
    this.#side = side;
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  of(vehicle: string): Thread {
    const known = this.#threads.get(vehicle);
    if (known !== undefined) return known;
    const thread = new Thread(this.#side);
    this.#threads.set(vehicle, thread);
    return thread;
  }

  unread(vehicle: string): number {
    return this.#threads.get(vehicle)?.unread.length ?? 0;
  }

  /** Vehicles of which something waits to be read. */
  get waiting(): readonly string[] {
    return [...this.#threads].filter(([, thread]) => thread.unread.length > 0).map(([vehicle]) => vehicle);
  }

  get hasUnsent(): boolean {
    return [...this.#threads.values()].some(({ unsent }) => unsent.length > 0);
  }

  /** A message or a receipt; others change nothing. */
  happened({ kind, data, time, vehicle, vehicles }: FleetEvent): void {
    const slug = vehicles?.[String(vehicle)]?.slug;
    if (slug === undefined || !isNumber(data.message)) return;
    if (kind === 'receipt' && (data.state === 'delivered' || data.state === 'read')) {
      this.of(slug).advance(data.message, data.state);
    } else if (kind === 'message' && isText(data.text) && isText(data.author)) {
      const quickReplies = isListOf(data.quick_replies, isText) ? data.quick_replies : [];
      this.#store(slug, {
        ...{
          id: data.message,
          isFromDriver: data.from_driver === true,
          author: data.author,
          text: data.text,
        },
        ...{ quickReplies, timeMs: time, state: 'sent' },
      });
    }
    this.#version += 1;
  }

  load(kept: readonly KeptMessage[]): void {
    for (const message of kept) {
      if (message.vehicle === null) continue;
      this.#store(message.vehicle, {
        ...{ id: message.id, isFromDriver: message.from_driver, author: message.author, text: message.text },
        ...{
          quickReplies: message.quick_replies,
          timeMs: Date.parse(message.sent_time),
          state: message.state,
        },
      });
    }
    this.#version += 1;
  }

  write(vehicle: string, { key, text, quickReplies }: Draft, nowMs: number): void {
    const isFromDriver = this.#side === 'driver';
    const common = { key, isFromDriver, author: this.#me, text, quickReplies, timeMs: nowMs };
    this.of(vehicle).write({ ...UNSENT, ...common });
    this.#version += 1;
  }

  /** What is to be sent now, one a driver, so that they stay in order; it counts as on its way until it is answered. */
  takeUnsent(nowMs: number): readonly { readonly vehicle: string; readonly draft: Draft }[] {
    const taken: { vehicle: string; draft: Draft }[] = [];
    for (const [vehicle, thread] of this.#threads) {
      const next = thread.unsent.find(({ state }) => state !== 'refused');
      if (next === undefined || next.key === null) continue;
      if (next.state !== 'waiting' || next.retryAtMs > nowMs) continue;
      thread.amend(next.key, { state: 'sending', reason: '' });
      taken.push({ vehicle, draft: { key: next.key, text: next.text, quickReplies: next.quickReplies } });
    }
    if (taken.length > 0) this.#version += 1;
    return taken;
  }

  /** To what was sent with `key`. */
  answered(vehicle: string, key: string, answer: Answer, nowMs: number): void {
    const thread = this.of(vehicle);
    const message = thread.unsent.find((unsent) => unsent.key === key);
    this.#version += 1;
    if (message === undefined) return;
    if (answer === null) {
      thread.amend(key, { state: 'waiting', reason: '' });
    } else if (answer.type === 'ok') {
      thread.drop(key);
      const id = answer.result?.message_id;
      if (isNumber(id)) thread.store({ ...message, id, state: 'sent' });
    } else if (PASSING_ERRORS.includes(answer.code)) {
      const retryAtMs = nowMs + 1000 * (answer.retry_after_s ?? RETRY_AFTER_S);
      thread.amend(key, {
        state: 'waiting',
        reason: t('Not sent yet: {reason}', { reason: problemText(answer.code, answer.reason) }),
        retryAtMs,
      });
    } else {
      thread.amend(key, { state: 'refused', reason: problemText(answer.code, answer.reason) });
    }
  }

  again(vehicle: string, key: string): void {
    this.of(vehicle).amend(key, { state: 'waiting', reason: '', retryAtMs: 0 });
    this.#version += 1;
  }

  discard(vehicle: string, key: string): void {
    this.of(vehicle).drop(key);
    this.#version += 1;
  }

  advance(vehicle: string, id: number, state: MessageState): void {
    this.of(vehicle).advance(id, state);
    this.#version += 1;
  }

  /** One of ours may be told before its answer: it is the one with the same text that is on its way. */
  #store(vehicle: string, stored: Omit<ThreadMessage, 'key' | 'reason' | 'retryAtMs'>): void {
    const thread = this.of(vehicle);
    const isMine = stored.isFromDriver === (this.#side === 'driver') && stored.author === this.#me;
    const isNew = !thread.messages.some(({ id }) => id === stored.id);
    const sent = thread.unsent.find(({ text, state }) => state === 'sending' && text === stored.text);
    if (isMine && isNew && sent?.key) thread.drop(sent.key);
    thread.store({ ...UNSENT, ...stored });
  }
}

const UNSENT: ThreadMessage = {
  ...{ id: null, key: null, isFromDriver: false, author: '', text: '', quickReplies: [] },
  ...{ timeMs: 0, state: 'waiting', reason: '', retryAtMs: 0 },
};

export function isKeptMessage(value: unknown): value is KeptMessage {
  return (
    isRecord(value) &&
    isNumber(value.id) &&
    (value.vehicle === null || isText(value.vehicle)) &&
    typeof value.from_driver === 'boolean' &&
    [value.author, value.text, value.sent_time].every(isText) &&
    isListOf(value.quick_replies, isText) &&
    (value.state === 'sent' || value.state === 'delivered' || value.state === 'read')
  );
}
