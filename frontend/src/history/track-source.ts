/** Where tracks come from: packed and read by a worker, or as JSON where the browser cannot inflate. Throws as `load.ts` does. */
import type { Budget } from './budget.ts';
import { type Asked, addressOf, ask, refusal } from './load.ts';
import { type Track, trackOf } from './track.ts';
import { canUnpack, Unpacker } from './unpacker.ts';

/** A day of one fix a second, or a week of one each 10 s, of each of five or eight vehicles: read and drawn by workers, prepared within a frame each. */
const PACKED: Budget = { ofOne: 100_000, ofAll: 500_000 };
/** A day of one each 10 s; the page reads no more JSON than that within a frame. */
const JSON_READ: Budget = { ofOne: 9_000, ofAll: 23_000 };

export class TrackSource {
  readonly #unpacker = canUnpack() ? new Unpacker() : null;
  readonly budget = this.#unpacker === null ? JSON_READ : PACKED;

  /** All fixes, or those that matter most where there are more than can be shown at once. */
  overview(asked: Asked): Promise<Track> {
    return this.atMost(asked, this.budget.ofOne);
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
    if ('status' in answer) throw refusal(answer.status, answer.answer);
    return answer;
  }
}
