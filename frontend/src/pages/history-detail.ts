/** Gets all fixes of the hours that the reader looks at, one hour after the other, and shows them now and then. */
import { CHUNK_MS, hoursInView, type Look } from '../history/chunks.ts';
import type { Asked } from '../history/load.ts';
import { spliced, type Track } from '../history/track.ts';
import type { TrackSource } from '../history/track-source.ts';

/** Drawing anew takes longer than getting an hour. */
const SHOW_EVERY_MS = 1_000;

export class HistoryDetail {
  readonly #tracks: TrackSource;
  readonly #asked: Asked;
  readonly #onTrack: (track: Track) => void;
  readonly #done = new Set<number>();
  #track: Track;
  #look: Look | null = null;
  #isLoading = false;
  #isOver = false;

  constructor(tracks: TrackSource, asked: Asked, track: Track, onTrack: (track: Track) => void) {
    this.#tracks = tracks;
    this.#asked = asked;
    this.#track = track;
    this.#onTrack = onTrack;
  }

  look(look: Look): void {
    this.#look = look;
    void this.#load();
  }

  /** The reader went on to another vehicle or other days. */
  end(): void {
    this.#isOver = true;
  }

  async #load(): Promise<void> {
    if (this.#isLoading || this.#track.toleranceM === null) return;
    this.#isLoading = true;
    const before = this.#track;
    let shownMs = performance.now();
    for (let hour = this.#next(); hour !== undefined && !this.#isOver; hour = this.#next()) {
      this.#done.add(hour);
      await this.#loadHour(hour);
      if (performance.now() - shownMs < SHOW_EVERY_MS) continue;
      this.#show();
      shownMs = performance.now();
    }
    this.#isLoading = false;
    if (this.#track !== before) this.#show();
  }

  #next(): number | undefined {
    if (this.#look === null) return undefined;
    return hoursInView(this.#track, this.#look).find((hour) => !this.#done.has(hour));
  }

  /** What cannot be had is asked for at the next look. */
  async #loadHour(hour: number): Promise<void> {
    const [fromMs, toMs] = this.#asked.span;
    const span = [Math.max(hour, fromMs), Math.min(hour + CHUNK_MS, toMs)] as const;
    const part = await this.#tracks.whole({ ...this.#asked, span }).catch(() => null);
    if (part === null) this.#done.delete(hour);
    if (part === null || this.#isOver) {
      this.#look = null;
      return;
    }
    this.#track = spliced(this.#track, part);
  }

  #show(): void {
    if (!this.#isOver) this.#onTrack(this.#track);
  }
}
