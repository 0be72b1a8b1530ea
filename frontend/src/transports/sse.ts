/** The session's frames over Server-Sent Events. */
import { decodeMessage } from '../protocol.ts';
import { BROKEN_OFF, closeCodeOf, credentials, type LiveSite, postCommand, takeToken } from './http.ts';
import { Stream, type StreamEvents } from './stream.ts';
import { queryOf, type StreamPlan } from './stream-plan.ts';
import type { OpenTransport } from './transport.ts';

/** The server ends each stream now and then and the browser comes back; who finds nobody twice in a row gives up. */
const MISSES = 2;

export function openSse(site: LiveSite): OpenTransport {
  const kind = {
    name: 'sse',
    token: () => takeToken(site),
    begin: (plan: StreamPlan, events: StreamEvents, token: string | null) =>
      listen(site, plan, events, token),
    command: postCommand.bind(null, site),
  } as const;
  return (listener) => new Stream(kind, listener);
}

function listen(site: LiveSite, plan: StreamPlan, events: StreamEvents, token: string | null): () => void {
  const query = queryOf(plan);
  if (token !== null) query.set('token', token);
  if (!('EventSource' in globalThis)) {
    queueMicrotask(() => events.failed(BROKEN_OFF, 'This browser opens no event stream.'));
    return () => undefined;
  }
  const source = new EventSource(new URL(`sse?${query}`, site.base));
  let misses = 0;
  source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
    misses = 0;
    if (lastEventId !== '') events.moved(lastEventId);
    events.heard(decodeMessage(data));
  };
  source.onerror = () => {
    misses += 1;
    if (source.readyState === EventSource.CLOSED) void askWhy(site, plan, events);
    else if (misses >= MISSES) events.failed(BROKEN_OFF, 'The stream broke off.');
  };
  return () => source.close();
}

/** EventSource does not tell the status of a refusal; the same question as a poll does, with a fresh token: it came back with the old one. */
async function askWhy(site: LiveSite, plan: StreamPlan, events: StreamEvents): Promise<void> {
  try {
    const query = queryOf(plan);
    query.set('wait', '0');
    const headers = credentials(await takeToken(site));
    const response = await fetch(new URL(`poll?${query}`, site.base), { headers });
    events.failed(closeCodeOf(response.status), 'The server refused the stream.');
  } catch {
    events.failed(BROKEN_OFF, 'The stream broke off.');
  }
}
