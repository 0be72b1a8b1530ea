/** What a guest asks the server for, with the secret of the link. */
import { isRecord, isText } from './guards.ts';
import { isSharedThing, isSharedTrack, type SharedThing, type TripPlace } from './shares.ts';

/** The link was revoked, has expired, or never was one. */
export class LinkEnded extends Error {}

export class GuestClient {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  async thing(): Promise<SharedThing> {
    const thing = await this.#ask('/api/v1/share');
    if (!isSharedThing(thing)) throw new Error('the server gave something other than agreed');
    return thing;
  }

  async trip(): Promise<readonly (readonly TripPlace[])[]> {
    const track = await this.#ask('/api/v1/share/track');
    if (!isSharedTrack(track)) throw new Error('the server gave something other than agreed');
    return track.parts;
  }

  /** A stream token, which may stand in an address. */
  async token(): Promise<string> {
    const answer = await this.#ask('/live/v1/token', 'POST');
    if (!isRecord(answer) || !isText(answer.token)) throw new Error('the server gave no token');
    return answer.token;
  }

  async #ask(url: string, method = 'GET'): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.#secret}`, accept: 'application/json' };
    const response = await fetch(url, { method, headers, credentials: 'omit', cache: 'no-store' });
    if (response.status === 401) throw new LinkEnded();
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response.json();
  }
}
