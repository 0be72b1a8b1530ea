/** Sends what was written, marks what was seen as read, loads what is older: moves between threads, live feed and archive. No DOM. */
import type { Answer, Question } from '../protocol.ts';
import { loadPage } from '../rest.ts';
import { type Draft, isKeptMessage, type KeptMessage, type Threads } from './threads.ts';

export interface PostboxParts {
  readonly threads: Threads;
  readonly messagesUrl: string;
  /** For who has no session cookie. */
  readonly headers?: Readonly<Record<string, string>>;
  ask(question: Question): Promise<Answer>;
  nowMs(): number;
}

/** What was loaded of a vehicle's messages. */
export type Loading = 'none' | 'loading' | 'loaded' | 'failed';

const PAGE = 50;
const MOST_UNREAD = 1000;
/** Larger than any id. */
const NEWEST = Number.MAX_SAFE_INTEGER;
const PASSING_ERRORS = ['rate', 'busy'];

export class Postbox {
  readonly #parts: PostboxParts;
  readonly #loading = new Map<string, Loading>();
  /** The oldest message up to which nothing is missing; unread ones before may be known all the same. */
  readonly #loadedTo = new Map<string, number>();
  /** Those whose reading the server has been told of, or is being told. */
  readonly #reading = new Set<number>();

  constructor(parts: PostboxParts) {
    this.#parts = parts;
  }

  loading(vehicle: string): Loading {
    return this.#loading.get(vehicle) ?? 'none';
  }

  write(vehicle: string, draft: Draft): void {
    this.#parts.threads.write(vehicle, draft, this.#parts.nowMs());
    this.send();
  }

  /** All that waits and may go; what nobody hears goes on waiting. */
  send(): void {
    const { threads, ask, nowMs } = this.#parts;
    for (const { vehicle, draft } of threads.takeUnsent(nowMs())) {
      const { key, text, quickReplies } = draft;
      const answers = quickReplies.length === 0 ? {} : { quick_replies: quickReplies };
      void ask({ type: 'send', channel: `driver:${vehicle}`, key, text, ...answers }).then((answer) => {
        threads.answered(vehicle, key, answer, nowMs());
        if (answer?.type === 'ok') this.send();
      });
    }
  }

  /** The thread was seen to its end, or up to the message with the id `upTo`. */
  markRead(vehicle: string, upTo = NEWEST): void {
    for (const { id } of this.#parts.threads.of(vehicle).unread) {
      if (id === null || id > upTo || this.#reading.has(id)) continue;
      this.#reading.add(id);
      void this.#read(vehicle, id);
    }
  }

  /** The newest messages, then those before. */
  async load(vehicle: string): Promise<void> {
    if (this.loading(vehicle) === 'loading') return;
    const { threads, messagesUrl, headers } = this.#parts;
    const thread = threads.of(vehicle);
    const before = this.#loadedTo.get(vehicle) ?? NEWEST;
    this.#loading.set(vehicle, 'loading');
    try {
      const page = await loadPage(messagesUrl, { vehicle, before, limit: PAGE }, isKeptMessage, headers);
      thread.hasOlder = page.next !== null;
      threads.load(page.items);
      this.#loadedTo.set(vehicle, page.items.at(-1)?.id ?? before);
      this.#loading.set(vehicle, 'loaded');
    } catch {
      this.#loading.set(vehicle, 'failed');
      threads.load([]);
    }
  }

  /** What drivers wrote and nobody has read. Throws when the server does not answer. */
  async loadUnread(): Promise<readonly KeptMessage[]> {
    const { threads, messagesUrl } = this.#parts;
    const { items } = await loadPage(messagesUrl, { unread: 'true', limit: MOST_UNREAD }, isKeptMessage);
    threads.load(items);
    return items;
  }

  async #read(vehicle: string, id: number): Promise<void> {
    const answer = await this.#parts.ask({ type: 'read', message_id: id });
    if (answer?.type === 'ok') this.#parts.threads.advance(vehicle, id, 'read');
    const mayPass = answer === null || (answer.type === 'error' && PASSING_ERRORS.includes(answer.code));
    if (mayPass) this.#reading.delete(id);
  }
}
