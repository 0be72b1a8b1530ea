/** Gets the past of the vehicles beside the chosen one, and keeps it as long as the days are the same. */
import type { Member } from '../history/company.ts';
import type { Episode } from '../history/episodes.ts';
import { type Asked, loadEpisodes } from '../history/load.ts';
import type { Span } from '../history/player.ts';
import type { Track } from '../history/track.ts';
import type { TrackSource } from '../history/track-source.ts';

/** Of each; eight of them are as much as one alone. */
const POINTS = 2_000;

interface Known {
  readonly track: Track;
  readonly episodes: readonly Episode[];
}

export class HistoryCompany {
  readonly #vehiclesUrl: string;
  readonly #tracks: TrackSource;
  #known = new Map<string, Known>();
  #span = '';

  constructor(vehiclesUrl: string, tracks: TrackSource) {
    this.#vehiclesUrl = vehiclesUrl;
    this.#tracks = tracks;
  }

  /** Those that can be had; `lost` are the slugs of the others. */
  async load(
    slugs: readonly (readonly [slug: string, own: number, name: string])[],
    span: Span,
  ): Promise<{ readonly members: readonly Member[]; readonly lost: readonly string[] }> {
    if (this.#span !== String(span)) this.#known = new Map();
    this.#span = String(span);
    const members: Member[] = [];
    const lost: string[] = [];
    for (const [slug, own, name] of slugs) {
      const known = await this.#get({ vehiclesUrl: this.#vehiclesUrl, slug, span }).catch(() => null);
      if (known === null) lost.push(name);
      else members.push({ slug, own, name, ...known });
    }
    return { members, lost };
  }

  async #get(asked: Asked): Promise<Known> {
    const found = this.#known.get(asked.slug);
    if (found !== undefined) return found;
    const [track, episodes] = await Promise.all([
      this.#tracks.atMost(asked, POINTS),
      loadEpisodes(asked).catch(() => []),
    ]);
    const known = { track, episodes };
    this.#known.set(asked.slug, known);
    return known;
  }
}
