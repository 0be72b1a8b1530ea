/** Where tracks come from: packed and read by a worker, or as JSON where the browser cannot inflate. Throws as `load.ts` does. */
import { type Asked, addressOf, ask, refusal } from './load.ts';
import { type Track, trackOf } from './track.ts';
import { canUnpack, Unpacker } from './unpacker.ts';

/** A day of one a second, or a week of one each 10 s: so many are handed on as they lie in the store, and drawn within a frame. */
const MOST_PACKED = 100_000;
/** A day of one each 10 s; the page reads no more JSON than that within a frame. */
const MOST_JSON = 9_000;

export class TrackSource {
  readonly #unpacker = canUnpack() ? new Unpacker() : null;

  /** All fixes, or those that matter most where there are more than can be shown at once. */
  overview(asked: Asked): Promise<Track> {
    return this.atMost(asked, this.#unpacker === null ? MOST_JSON : MOST_PACKED);
  }

  atMost(asked: Asked, points: number): Promise<Track> {
    return this.#load(asked, { max_points: String(points) });
  }

  whole(asked: Asked): Promise<Track> {
    return this.#load(asked, {});
  }

  async #load(asked: Asked, params: Readonly<Record<string, string>>): Promise<Track> {
    if (this.#unpacker === null) return trackOf(await ask(addressOf(asked, 'track', params)));
    const answer = await this.#unpacker.get(addressOf(asked, 'track', { ...params, format: 'packed' }));
    if ('status' in answer) throw refusal(answer.status, answer.detail);
    return answer;
  }
}
