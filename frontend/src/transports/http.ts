/** What the transports over plain requests share: addresses, credentials, what a status means, commands. */
import { type Command, type Reading, readMessage } from '../protocol.ts';
import type { GetToken } from './transport.ts';

export interface LiveSite {
  /** The folder of the endpoints, with its final slash. */
  readonly base: URL;
  readonly token: GetToken;
}

/** A connection that broke, as WebSockets call it. */
export const BROKEN_OFF = 1006;

const CODES: Readonly<Record<number, number>> = { 401: 4500, 403: 4501 };

export function closeCodeOf(status: number): number {
  return CODES[status] ?? BROKEN_OFF;
}

export function credentials({ token }: LiveSite): Record<string, string> {
  const bearer = token();
  return bearer === null ? {} : { authorization: `Bearer ${bearer}` };
}

/** The header is one that no foreign form can send. */
export async function postCommand(site: LiveSite, message: Command): Promise<Reading> {
  try {
    const response = await fetch(new URL('command', site.base), {
      method: 'POST',
      headers: { ...credentials(site), 'content-type': 'application/json', 'x-fleet': '1' },
      body: JSON.stringify(message),
    });
    return readMessage(await response.json());
  } catch {
    const reason = 'The server could not be reached.';
    return { kind: 'message', message: { type: 'error', id: message.id, code: 'busy', reason } };
  }
}
