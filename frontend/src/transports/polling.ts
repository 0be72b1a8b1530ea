/** The session's frames over requests: long polling, where the server waits for news, and AJAX polling, where nobody does. */
import { type Reading, readMessage } from '../protocol.ts';
import { BROKEN_OFF, closeCodeOf, credentials, type LiveSite, postCommand, takeToken } from './http.ts';
import { Stream, type StreamEvents } from './stream.ts';
import { queryOf, type StreamPlan } from './stream-plan.ts';
import type { OpenTransport } from './transport.ts';

export interface Pace {
  /** How long the server may wait for news, s. */
  readonly waitS: number;
  /** From an answer to the next question. */
  readonly everyMs: number;
}

const LONG_POLL: Pace = { waitS: 25, everyMs: 0 };
const POLL: Pace = { waitS: 0, everyMs: 2000 };

const TOO_MANY = 429;
const RETRY_AFTER_S = 1;

/** Nothing new, but somebody is there. */
const NOTHING_NEW: Reading = { kind: 'strange' };

export function openLongPoll(site: LiveSite): OpenTransport {
  return openPolling(site, 'longpoll', LONG_POLL);
}

export function openPoll(site: LiveSite): OpenTransport {
  return openPolling(site, 'poll', POLL);
}

function openPolling(site: LiveSite, name: 'longpoll' | 'poll', pace: Pace): OpenTransport {
  const begin = (plan: StreamPlan, events: StreamEvents, token: string | null) => {
    const quiet = new AbortController();
    void keepAsking({ site, plan, events, token, pace, signal: quiet.signal });
    return () => quiet.abort();
  };
  const kind = { name, token: () => takeToken(site), begin, command: postCommand.bind(null, site) };
  return (listener) => new Stream(kind, listener);
}

interface Polling {
  readonly site: LiveSite;
  readonly plan: StreamPlan;
  readonly events: StreamEvents;
  readonly token: string | null;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

async function keepAsking(polling: Polling): Promise<void> {
  const { events, pace, signal } = polling;
  try {
    let etag: string | null = null;
    while (!signal.aborted) {
      etag = await askOnce(polling, etag);
      await pause(pace.everyMs);
    }
  } catch (error) {
    const isRefusal = error instanceof Refusal;
    events.failed(
      isRefusal ? closeCodeOf(error.status, error) : BROKEN_OFF,
      isRefusal ? error.message : 'No answer.',
    );
  }
}

class Refusal extends Error {
  readonly status: number;
  readonly isHeld: boolean;

  constructor(status: number, isHeld: boolean) {
    super(`The server answered ${status}.`);
    this.status = status;
    this.isHeld = isHeld;
  }
}

/** The first question asks for a welcome and carries the cursor in the query, the others in `If-None-Match`. Gives the next ETag. */
async function askOnce(polling: Polling, etag: string | null): Promise<string | null> {
  const { site, plan, events, token, pace, signal } = polling;
  const query = queryOf(plan);
  if (etag === null) query.set('hello', '1');
  else query.delete('cursor');
  query.set('wait', String(pace.waitS));
  const response = await fetch(new URL(`poll?${query}`, site.base), {
    headers: { ...credentials(token), ...(etag === null ? {} : { 'if-none-match': etag }) },
    cache: 'no-store',
    signal,
  });
  if (response.status === 304) events.heard(NOTHING_NEW);
  else if (response.status === TOO_MANY) await pause(retryAfterMs(response));
  else if (response.ok) tell(await response.json(), events);
  else throw new Refusal(response.status, token !== null && etag !== null);
  return response.headers.get('etag') ?? etag;
}

function tell(answer: unknown, events: StreamEvents): void {
  const { cursor, messages } = (answer ?? {}) as { cursor?: unknown; messages?: unknown };
  if (typeof cursor !== 'string' || !Array.isArray(messages)) {
    events.heard({ kind: 'broken' });
    return;
  }
  events.moved(cursor);
  for (const message of messages) events.heard(readMessage(message));
}

function retryAfterMs(response: Response): number {
  return 1000 * (Number(response.headers.get('retry-after')) || RETRY_AFTER_S);
}

function pause(delayMs: number): Promise<void> | undefined {
  return delayMs === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, delayMs));
}
