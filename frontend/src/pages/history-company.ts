/** Gets the past of the vehicles beside the chosen one, and keeps it as long as they are there and the days are the same. */
import { isAsGoodWith, pointsFor } from '../history/budget.ts';
import type { Member, Wanted } from '../history/company.ts';
import type { Episode } from '../history/episodes.ts';
import { type Asked, loadEpisodes } from '../history/load.ts';
import type { Span } from '../history/player.ts';
import type { Track } from '../history/track.ts';
import type { TrackSource } from '../history/track-source.ts';

interface Known {
  readonly span: Span;
  readonly track: Track;
  readonly episodes: readonly Episode[];
}

export class HistoryCompany {
  readonly #vehiclesUrl: string;
  readonly #tracks: TrackSource;
  #known = new Map<string, Known>();

  constructor(vehiclesUrl: string, tracks: TrackSource) {
    this.#vehiclesUrl = vehiclesUrl;
    this.#tracks = tracks;
  }

  /** One after the other, whole as long as the page's points last, of which the chosen one has `taken`; without a track: it cannot be had. */
  async *load(wanted: readonly Wanted[], span: Span, taken: number): AsyncGenerator<Member | Wanted> {
    const known = [...this.#known].filter(([slug]) => wanted.some((one) => one.slug === slug));
    this.#known = new Map(known);
    let sum = taken;
    for (const [i, one] of wanted.entries()) {
      const points = pointsFor(this.#tracks.budget, sum, wanted.length - i);
      const asked = { vehiclesUrl: this.#vehiclesUrl, slug: one.slug, span };
      const got = await this.#get(asked, points).catch(() => null);
      sum += got?.track.times.length ?? 0;
      yield got === null ? one : { ...one, track: got.track, episodes: got.episodes };
    }
  }

  async #get(asked: Asked, points: number): Promise<Known> {
    const { slug, span } = asked;
    const found = this.#known.get(slug);
    if (found !== undefined && String(found.span) === String(span) && isAsGoodWith(found.track, points))
      return found;
    const [track, episodes] = await Promise.all([
      this.#tracks.atMost(asked, points),
      loadEpisodes(asked).catch(() => []),
    ]);
    const known = { span, track, episodes };
    this.#known.set(slug, known);
    return known;
  }
}
