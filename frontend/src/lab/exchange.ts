/** One fetch of the live stream, told with what it cost. */
import { type PollAnswer, readPollAnswer } from './poll-answer.ts';
import type { WayListener, WayOptions } from './way.ts';
import { OWN_HEADERS, responseHead, utf8Bytes } from './wire-bytes.ts';

const ACCEPT = 'application/json';
const ACCEPT_LINE = `accept: ${ACCEPT}\r\n`;

/** `cursor`: what was seen already, "" for nothing. A network that fails is `trouble`, and so is being stopped. */
export async function ask(
  path: string,
  cursor: string,
  signal: AbortSignal,
  { ownHeaderBytes }: WayOptions,
  listener: WayListener,
): Promise<PollAnswer> {
  const seen = cursor === '' ? {} : { 'if-none-match': `"${cursor}"` };
  const seenLine = cursor === '' ? '' : `if-none-match: "${cursor}"\r\n`;
  const request = `GET ${path} HTTP/1.1\r\n${ACCEPT_LINE}${seenLine}`;
  const headerBytes = utf8Bytes(request) + ownHeaderBytes;
  listener.passed({
    direction: 'up',
    isRequest: true,
    headerBytes,
    payloadBytes: 0,
    head: request + OWN_HEADERS,
    body: '',
  });
  try {
    const response = await fetch(path, { signal, cache: 'no-store', headers: { accept: ACCEPT, ...seen } });
    const body = await response.text();
    tellAnswer(response, body, listener);
    return readPollAnswer(response.status, body);
  } catch {
    return { kind: 'trouble' };
  }
}

function tellAnswer({ status, headers }: Response, body: string, listener: WayListener): void {
  const head = responseHead(status, headers);
  listener.passed({
    direction: 'down',
    isRequest: false,
    headerBytes: utf8Bytes(head),
    // A proxy may have compressed the body; its length on the wire is what counts.
    payloadBytes: Number(headers.get('content-length') ?? utf8Bytes(body)),
    head,
    body,
  });
}

/** What the browser adds to each request. Scripts cannot see it, so the server is asked what came. */
export async function measureOwnHeaders(): Promise<number> {
  const response = await fetch('/lab/headers', { cache: 'no-store', headers: { accept: ACCEPT } });
  const { bytes } = (await response.json()) as { bytes: number };
  return bytes - utf8Bytes(ACCEPT_LINE) + 2; // the empty line after them
}
