/** Trips and stops by time, a heading for each day. */
import { distanceText, durationText, minuteText, positionText, shortDayText, speedText } from '../format.ts';
import { nextFrame } from '../frames.ts';
import type { Episode } from '../history/episodes.ts';
import type { Span } from '../history/player.ts';
import { t } from '../texts.ts';
import { letterOf } from './company-bar.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

export interface EpisodeListOptions {
  readonly container: HTMLElement;
  onPick(episode: Episode): void;
  onHover(timeMs: number | null): void;
  /** A name for a place; null: only its coordinates are known. */
  nameOf(place: { lat: number; lon: number }): string | null;
}

/** What one vehicle did. */
export interface EpisodeGroup {
  readonly episodes: readonly Episode[];
  /** Among several: its place, and its name. */
  readonly own: number | null;
  readonly name: string;
}

interface Row {
  readonly episode: Episode;
  readonly button: HTMLElement;
}

export class EpisodeList {
  readonly #options: EpisodeListOptions;
  #rows: Row[] = [];
  /** Of each vehicle one at most. */
  #current: readonly HTMLElement[] = [];

  constructor(options: EpisodeListOptions) {
    this.#options = options;
  }

  /** Some at a time; asked for others meanwhile it leaves off. */
  async show(groups: readonly EpisodeGroup[], days: readonly Span[]): Promise<void> {
    this.#current = [];
    const rows: Row[] = [];
    this.#rows = rows;
    this.#options.container.replaceChildren();
    for (const { episodes, own, name } of groups) {
      if (this.#rows !== rows) return;
      if (own !== null)
        this.#options.container.append(h('h2', { class: 'episode-vehicle' }, letterOf(own), name));
      await this.#showDays(episodes, days, rows);
    }
  }

  async #showDays(episodes: readonly Episode[], days: readonly Span[], rows: readonly Row[]): Promise<void> {
    for (const day of days) {
      const ofDay = episodes.filter((episode) => beginsIn(episode, day, days[0] as Span));
      if (ofDay.length === 0) continue;
      if (rows.length > 0) await nextFrame();
      if (this.#rows !== rows) return;
      const list = h(
        'ol',
        { class: 'episodes' },
        ...ofDay.map((episode) => h('li', {}, this.#make(episode, day))),
      );
      if (days.length > 1)
        this.#options.container.append(h('h2', { class: 'episode-day' }, shortDayText(day[0])));
      this.#options.container.append(list);
    }
  }

  showCursor(timeMs: number | null): void {
    const now = this.#rows
      .filter(({ episode }) => timeMs !== null && episode.fromMs <= timeMs && timeMs < episode.toMs)
      .map(({ button }) => button);
    const [first] = now;
    if (first !== undefined && first !== this.#current[0]) this.#reveal(first);
    for (const button of this.#current) if (!now.includes(button)) button.removeAttribute('aria-current');
    for (const button of now) {
      if (!this.#current.includes(button)) button.setAttribute('aria-current', 'time');
    }
    this.#current = now;
  }

  /** In the list alone: on a telephone the page would scroll away from the map. */
  #reveal(button: HTMLElement): void {
    const { container } = this.#options;
    const [list, row] = [container.getBoundingClientRect(), button.getBoundingClientRect()];
    if (row.top < list.top) container.scrollTop -= list.top - row.top;
    else if (row.bottom > list.bottom) container.scrollTop += row.bottom - list.bottom;
  }

  #make(episode: Episode, day: Span): HTMLElement {
    const button = h(
      'button',
      { type: 'button', class: `episode is-${episode.kind}` },
      ...this.#facts(episode, day),
    );
    button.addEventListener('click', () => this.#options.onPick(episode));
    button.addEventListener('pointerenter', () => this.#options.onHover(episode.fromMs));
    button.addEventListener('pointerleave', () => this.#options.onHover(null));
    this.#rows.push({ episode, button });
    return button;
  }

  #facts(episode: Episode, day: Span): readonly HTMLElement[] {
    const { fromMs, toMs } = episode;
    const isOpen = episode.kind === 'trip' ? episode.trip.open : episode.stop.open;
    const until = isOpen ? t('goes on') : timeText(toMs, day);
    const time = h('span', { class: 'episode-time' }, `${timeText(fromMs, day)} – ${until}`);
    const duration = durationText((toMs - fromMs) / 1_000);
    if (episode.kind === 'stop') {
      return [
        h('i', { class: 'episode-mark' }),
        time,
        h('strong', {}, duration),
        h('span', { class: 'episode-more' }, this.#stopText(episode.stop)),
      ];
    }
    const { trip } = episode;
    const more = [duration, t('at most {speed}', { speed: speedText(trip.max_speed_mps) })];
    if (trip.idle_s >= 60) more.push(t('{duration} idle', { duration: durationText(trip.idle_s) }));
    if (trip.unseen_s >= 60)
      more.push(t('{duration} without a fix', { duration: durationText(trip.unseen_s) }));
    return [
      h('span', { class: 'episode-mark' }, icon('trail')),
      time,
      h('strong', {}, distanceText(trip.distance_m)),
      h('span', { class: 'episode-more' }, `${this.#way(trip.start, trip.end)}`, h('br'), more.join(' · ')),
    ];
  }

  #way(start: { lat: number; lon: number }, end: { lat: number; lon: number }): string {
    const [from, to] = [this.#place(start), this.#place(end)];
    return from === to ? from : `${from} → ${to}`;
  }

  #stopText(place: { lat: number; lon: number }): string {
    const region = this.#options.nameOf(place);
    return region === null
      ? t('Stopped at {position}', { position: this.#place(place) })
      : t('Stopped in {region}', { region });
  }

  #place(place: { lat: number; lon: number }): string {
    return this.#options.nameOf(place) ?? positionText(place.lat, place.lon);
  }
}

/** What began before the range is listed in its first day. */
function beginsIn({ fromMs }: Episode, [dayFromMs, dayToMs]: Span, first: Span): boolean {
  const beginMs = Math.max(fromMs, first[0]);
  return dayFromMs <= beginMs && beginMs < dayToMs;
}

/** Of another day with its name. */
function timeText(timeMs: number, [fromMs, toMs]: Span): string {
  const isHere = fromMs <= timeMs && timeMs <= toMs;
  return isHere ? minuteText(timeMs) : `${shortDayText(timeMs)}, ${minuteText(timeMs)}`;
}
