/** Draws the past of one vehicle, or of several, in map, chart, strips and list, with one cursor in all of them. */
import { boundsOf } from '../bounds.ts';
import { nextFrame } from '../frames.ts';
import { chartDataOf } from '../history/chart-data.ts';
import type { Member } from '../history/company.ts';
import { type Doings, doingsIn, doingsOf } from '../history/day-strip.ts';
import type { Episode } from '../history/episodes.ts';
import type { Span } from '../history/player.ts';
import { cursorText, doingText } from '../history/texts.ts';
import { cornersOf, type Track, whereaboutAt } from '../history/track.ts';
import { addDays, daysOf, instantOf } from '../history/zone.ts';
import type { HistoryMap } from '../map/history-map.ts';
import { DayStrips, type StripDay } from '../panels/day-strips.ts';
import { mountPoint } from '../panels/dom.ts';
import { EpisodeList } from '../panels/episode-list.ts';
import type { PlayerBar } from '../panels/player-bar.ts';
import type { SpeedChart } from '../panels/speed-chart.ts';

/** Alone a vehicle has no place of its own. */
type Shown = Omit<Member, 'own' | 'slug'> & { readonly own: number | null };

const LABELLED_HOURS = [3, 6, 9, 12, 15, 18, 21] as const;

export interface HistoryViewOptions {
  readonly map: HistoryMap;
  readonly bar: PlayerBar;
  readonly zone: string;
  onPick(timeMs: number): void;
  onHover(timeMs: number | null): void;
  onEpisode(episode: Episode): void;
  /** The reader looks at another part of the chart. */
  onWindow(): void;
  nameOf(place: { lat: number; lon: number }): string | null;
}

export class HistoryView {
  readonly #options: HistoryViewOptions;
  readonly #strips: DayStrips;
  readonly #list: EpisodeList;
  #chart: Promise<SpeedChart> | null = null;
  #drawnChart: SpeedChart | null = null;
  #track: Track | null = null;
  #episodes: readonly Episode[] = [];
  /** The chosen vehicle's place among several; null: it is alone. */
  #own: number | null = null;
  #name = '';
  #others: readonly Member[] = [];
  #days: readonly StripDay[] = [];
  #cursorMs: number | null = null;
  /** Other vehicles or days were asked for: what is older is given up. */
  #shows = 0;
  /** What the chart shows. */
  window: Span = [0, 0];

  constructor(options: HistoryViewOptions) {
    this.#options = options;
    const { onPick, onHover, onEpisode, nameOf } = options;
    this.#strips = new DayStrips({ container: mountPoint('strips'), onPick, onHover });
    this.#list = new EpisodeList({ container: mountPoint('episodes'), onPick: onEpisode, onHover, nameOf });
  }

  async show(
    track: Track,
    episodes: readonly Episode[],
    [first, last]: readonly [string, string],
    { own, name }: { readonly own: number | null; readonly name: string },
  ): Promise<void> {
    const { zone } = this.#options;
    const show = ++this.#shows;
    this.#own = own;
    this.#name = name;
    this.#others = [];
    this.#episodes = episodes;
    this.#track = track;
    this.#days = daysOf(first, last).map((day) => stripDayOf(day, zone));
    this.window = spanOf(this.#days);
    this.#showMap();
    await nextFrame();
    if (show !== this.#shows) return;
    await this.#showStrips();
    await this.#drawChart(track);
    if (show === this.#shows) await this.#showList();
    if (show === this.#shows) this.#showMarks(this.#cursorMs);
  }

  /** On the map, while more are to come. */
  join(others: readonly Member[]): void {
    this.#others = others;
    this.#showMap();
    this.showCursor(this.#cursorMs, { isFollowing: false });
  }

  /** All who were to come have joined. */
  async accompany(): Promise<void> {
    const show = this.#shows;
    await this.#showStrips();
    await nextFrame();
    if (show === this.#shows) await this.#showList();
    if (show === this.#shows) this.showCursor(this.#cursorMs, { isFollowing: false });
  }

  /** The same range with more of its fixes. */
  async refine(track: Track): Promise<void> {
    this.#track = track;
    this.#showMap();
    await nextFrame();
    await this.#drawChart(track);
  }

  #showMap(): void {
    const all = this.#all.map(({ track, episodes, own }) => ({ track, stops: stopsOf(episodes), own }));
    this.#options.map.show(all);
  }

  /** A vehicle a frame, then all are drawn. */
  async #showStrips(): Promise<void> {
    const show = this.#shows;
    const done: (Shown & { doings: Doings })[] = [];
    for (const one of this.#inOrder) {
      done.push({ ...one, doings: doingsOf(one.episodes, one.track) });
      await nextFrame();
      if (show !== this.#shows) return;
    }
    const rows = this.#days.flatMap((day) =>
      done.map((one) => ({ ...one, day, doings: doingsIn(one.doings, day.span) })),
    );
    this.#strips.show(rows, Date.now());
  }

  async #showList(): Promise<void> {
    const days = this.#days.map(({ span }) => span);
    await this.#list.show(this.#inOrder, days);
  }

  /** The chosen one first. */
  get #all(): readonly Shown[] {
    const chosen = { episodes: this.#episodes, own: this.#own, name: this.#name };
    return this.#track === null ? [] : [{ ...chosen, track: this.#track }, ...this.#others];
  }

  /** As they came. */
  get #inOrder(): readonly Shown[] {
    return this.#all.toSorted((a, b) => (a.own ?? 0) - (b.own ?? 0));
  }

  fit(): void {
    const bounds = boundsOf(this.#all.flatMap(({ track }) => cornersOf(track)));
    if (bounds !== null) this.#options.map.fit(bounds);
  }

  showCursor(timeMs: number | null, { isFollowing }: { readonly isFollowing: boolean }): void {
    const { map, bar } = this.#options;
    const at = this.#track === null || timeMs === null ? null : whereaboutAt(this.#track, timeMs);
    const others = this.#others.map(({ own, track }) => ({
      own,
      at: timeMs === null ? null : whereaboutAt(track, timeMs),
    }));
    map.showCursor(at, this.#own, others);
    if (at !== null && isFollowing) map.reveal(at, { isFollowing });
    this.#showMarks(timeMs);
    if (timeMs === null) bar.say('', '');
    else bar.say(cursorText(timeMs), doingText(at, this.episodeAt(timeMs)));
  }

  #showMarks(timeMs: number | null): void {
    this.#cursorMs = timeMs;
    this.#strips.showCursor(timeMs);
    this.#drawnChart?.showCursor(timeMs);
    this.#list.showCursor(timeMs);
  }

  episodeAt(timeMs: number): Episode | null {
    return this.#episodes.find(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < toMs) ?? null;
  }

  /** The next trip or stop, or the one before. */
  neighbour(timeMs: number, step: 1 | -1): Episode | null {
    if (step > 0) return this.#episodes.find(({ fromMs }) => fromMs > timeMs) ?? null;
    return this.#episodes.findLast(({ fromMs }) => fromMs < timeMs) ?? null;
  }

  themeChanged(): void {
    this.#drawnChart?.themeChanged();
  }

  async #drawChart(track: Track): Promise<void> {
    this.#chart ??= this.#loadChart();
    this.#drawnChart = await this.#chart;
    await nextFrame();
    if (track !== this.#track) return;
    const data = chartDataOf(track);
    await nextFrame();
    if (track === this.#track) this.#drawnChart.show(data, spanOf(this.#days));
  }

  async #loadChart(): Promise<SpeedChart> {
    const { SpeedChart } = await import('../panels/speed-chart.ts');
    const { zone, onPick, onHover, onWindow } = this.#options;
    return new SpeedChart({
      ...{ container: mountPoint('chart'), zone, onPick, onHover },
      onWindow: (window) => {
        this.window = window;
        onWindow();
      },
    });
  }
}

function stopsOf(episodes: readonly Episode[]): readonly { lat: number; lon: number }[] {
  return episodes.flatMap((episode) => (episode.kind === 'stop' ? [episode.stop] : []));
}

function stripDayOf(day: string, zone: string): StripDay {
  return {
    span: [instantOf(day, 0, zone), instantOf(addDays(day, 1), 0, zone)],
    hours: LABELLED_HOURS.map((hour) => instantOf(day, hour, zone)),
  };
}

function spanOf(days: readonly StripDay[]): Span {
  return [days[0]?.span[0] ?? 0, days.at(-1)?.span[1] ?? 1];
}
