/** What the transports over plain requests share: addresses, credentials, what a status means, commands. */
import { type Command, type Reading, readMessage } from '../protocol.ts';
import type { GetToken } from './transport.ts';

export interface LiveSite {
  /** The folder of the endpoints, with its final slash. */
  readonly base: URL;
  /** Null for who has a session cookie. */
  readonly token: GetToken | null;
}

/** A connection that broke, as WebSockets call it. */
export const BROKEN_OFF = 1006;
export const NO_TOKEN = 'No token was given.';
/** As the server says bye to a token that has ended. */
const TOKEN_EXPIRED = 4005;

const ANSWER_WITHIN_MS = 15_000;
const CODES: Readonly<Record<number, number>> = { 401: 4500, 403: 4501 };

/** `isHeld`: it was asked with a token that was good when it was given. */
export function closeCodeOf(status: number, { isHeld = false } = {}): number {
  return status === 401 && isHeld ? TOKEN_EXPIRED : (CODES[status] ?? BROKEN_OFF);
}

export async function takeToken({ token }: LiveSite): Promise<string | null> {
  return token === null ? null : token();
}

export function credentials(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** The header is one that no foreign form can send. */
export async function postCommand(site: LiveSite, message: Command, token: string | null): Promise<Reading> {
  try {
    const response = await fetch(new URL('command', site.base), {
      method: 'POST',
      headers: { ...credentials(token), 'content-type': 'application/json', 'x-fleet': '1' },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const reading = readMessage(await response.json());
    return reading.kind === 'message' ? reading : busy(message, `The server answered ${response.status}.`);
  } catch {
    return busy(message, 'The server could not be reached.');
  }
}

function busy({ id }: Command, reason: string): Reading {
  return { kind: 'message', message: { type: 'error', id, code: 'busy', reason } };
}
