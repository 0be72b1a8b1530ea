/** What the history page shows and does: one vehicle, some days, one cursor, kept the same in all views and in the address. */
import { nextFrame } from '../frames.ts';
import { formatHistoryAddress, type HistoryAddress, parseHistoryAddress } from '../history/address.ts';
import { Cursor } from '../history/cursor.ts';
import type { Episode } from '../history/episodes.ts';
import { sumOf } from '../history/figures.ts';
import {
  type Asked,
  addressOf,
  loadDays,
  loadEpisodes,
  loadOverview,
  loadVehicles,
} from '../history/load.ts';
import { merged, nextSpeed, type Span } from '../history/player.ts';
import { caveatsOf, emptyText } from '../history/texts.ts';
import { neighbourMs, type Track, trackOf } from '../history/track.ts';
import { addDays, dayOf, instantOf } from '../history/zone.ts';
import { createHistoryMap, type HistoryMap } from '../map/history-map.ts';
import type { RegionShape } from '../map/types.ts';
import type { PageConfig } from '../page-config.ts';
import { h, mountPoint } from '../panels/dom.ts';
import { type Download, ExportMenu, HistoryFigures } from '../panels/history-head.ts';
import { PlayerBar } from '../panels/player-bar.ts';
import { RangePicker } from '../panels/range-picker.ts';
import { SettingsSheet } from '../panels/settings-sheet.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { TrailLegend } from '../panels/trail-legend.ts';
import { VehiclePicker } from '../panels/vehicle-picker.ts';
import { isInPolygon } from '../polygon.ts';
import { loadRegions } from '../regions.ts';
import { t } from '../texts.ts';
import { HistoryDetail } from './history-detail.ts';
import { listenForHistoryKeys } from './history-keys.ts';
import { HistoryPlayer } from './history-player.ts';
import { HistoryView } from './history-view.ts';

/** Browsers limit how often an address may change. */
const REMEMBER_AFTER_MS = 400;
const FILES = [
  ['GeoJSON', 'geojson'],
  ['GPX', 'gpx'],
  ['KML', 'kml'],
  ['CSV', 'csv'],
] as const;

export class HistoryPage {
  readonly #config: PageConfig;
  readonly #zone: string;
  readonly #map: HistoryMap;
  readonly #view: HistoryView;
  readonly #bar: PlayerBar;
  readonly #player: HistoryPlayer;
  readonly #theme: ThemeSwitch;
  readonly #settings: SettingsSheet;
  readonly #vehicles = new VehiclePicker(mountPoint('vehicle-picker'), (slug) =>
    this.#turnTo({ vehicle: slug }),
  );
  readonly #range: RangePicker;
  readonly #exports = new ExportMenu(mountPoint('export'), () => window.print());
  readonly #figures = new HistoryFigures(mountPoint('figures'));
  readonly #legend = new TrailLegend(mountPoint('map-area'));
  readonly #cursor = new Cursor((timeMs) => this.#moved(timeMs));
  #asked: HistoryAddress;
  #track: Track | null = null;
  #skipped: readonly Span[] = [];
  #detail: HistoryDetail | null = null;
  /** Where stops are is told by their names. */
  #regions: readonly RegionShape[] = [];
  /** Counts loads, so that a late answer to an old one is dropped. */
  #loads = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(config: PageConfig, zone: string) {
    this.#config = config;
    this.#zone = zone;
    this.#asked = parseHistoryAddress(location.search, this.#today());
    this.#theme = new ThemeSwitch(mountPoint('theme-button'), (theme) => {
      this.#map.setTheme(theme);
      this.#view.themeChanged();
    });
    this.#map = createHistoryMap({
      container: mountPoint('map'),
      theme: this.#theme.theme,
      ...(config.tile_url ? { tileUrl: config.tile_url, tileAttribution: config.tile_attribution } : {}),
      onPick: (timeMs) => this.#put(timeMs),
      onHover: (timeMs) => this.#hover(timeMs),
      onViewChange: () => this.#looked(),
      onUserMove: () => this.#set({ isFollowing: false }),
    });
    this.#bar = new PlayerBar({
      container: mountPoint('player'),
      onToggle: () => this.#toggle(),
      onStep: (step) => this.#step(step),
      onSpeed: (speed) => this.#set({ speed }),
      onSkip: () => this.#set({ isSkipping: !this.#asked.isSkipping }),
      onFollow: () => this.#set({ isFollowing: !this.#asked.isFollowing }),
    });
    this.#view = new HistoryView({
      ...{ map: this.#map, bar: this.#bar, zone },
      onPick: (timeMs) => this.#put(timeMs),
      onHover: (timeMs) => this.#hover(timeMs),
      onEpisode: (episode) => this.#pick(episode),
      onWindow: () => this.#looked(),
      nameOf: (place) => this.#regions.find(({ polygon }) => isInPolygon(polygon, place))?.name ?? null,
    });
    this.#player = new HistoryPlayer({
      now: () => this.#cursor.putMs ?? this.#span[0],
      speed: () => this.#asked.speed,
      skipped: () => (this.#asked.isSkipping ? this.#skipped : []),
      endMs: () => this.#track?.times.at(-1) ?? this.#span[1],
      onMove: (timeMs) => this.#cursor.put(timeMs),
      onEnd: () => this.#showBar(),
    });
    this.#range = new RangePicker({
      container: mountPoint('range-picker'),
      today: () => this.#today(),
      onPick: (first, last) => this.#turnTo({ first, last }),
    });
    this.#settings = new SettingsSheet({ fleetZone: config.time_zone, onFormats: () => location.reload() });
    this.#listen();
  }

  async start(): Promise<void> {
    this.#showBar();
    this.#range.show(this.#asked.first, this.#asked.last);
    this.#vehicles.choose(this.#asked.vehicle);
    if (this.#asked.view !== null) this.#map.setView(this.#asked.view);
    void this.#nameVehicles();
    await this.#load();
  }

  // What is shown ----------------------------------------------------------------------------------------------------

  /** Another vehicle or other days. */
  #turnTo(change: Partial<Pick<HistoryAddress, 'vehicle' | 'first' | 'last'>>): void {
    this.#asked = { ...this.#asked, ...change, cursorMs: null, view: null };
    this.#range.show(this.#asked.first, this.#asked.last);
    this.#vehicles.choose(this.#asked.vehicle);
    this.#remember('pushState');
    void this.#load();
  }

  async #load(): Promise<void> {
    this.#clear();
    const { vehicle, first, last } = this.#asked;
    if (vehicle === null) {
      this.#say(t('Choose a vehicle to see where it was.'));
      return;
    }
    this.#say(t('Loading …'));
    const load = ++this.#loads;
    const asked: Asked = { vehiclesUrl: this.#config.vehicles_url, slug: vehicle, span: this.#span };
    const episodes = loadEpisodes(asked).catch(() => null);
    void this.#count(asked, load);
    try {
      const [track] = await Promise.all([loadOverview(asked), this.#findRegions()]);
      const found = await episodes;
      if (load === this.#loads) this.#show(asked, track, found, [first, last]);
    } catch (error) {
      if (load !== this.#loads) return;
      this.#show(asked, trackOf({ rows: [] }), [], [first, last]);
      this.#complain(error instanceof Error ? error.message : String(error));
    }
  }

  #show(asked: Asked, track: Track, found: readonly Episode[] | null, days: readonly [string, string]): void {
    const episodes = found ?? [];
    this.#track = track;
    const drawn = this.#view.show(track, episodes, days);
    const stops = episodes
      .filter(({ kind }) => kind === 'stop')
      .map(({ fromMs, toMs }) => [fromMs, toMs] as const);
    this.#skipped = merged([...track.gaps, ...stops]);
    const isEmpty = track.times.length === 0;
    document.body.classList.toggle('is-empty', isEmpty);
    this.#legend.show({ isShown: !isEmpty, note: '' });
    this.#exports.show(isEmpty ? [] : this.#downloads(asked));
    const failed =
      found === null ? [t('Trips and stops could not be loaded. Reload the page to try again.')] : [];
    this.#say(...(isEmpty ? [emptyText(track.isLimited)] : [...failed, ...caveatsOf(track)]));
    if (isEmpty) {
      this.#cursor.put(null);
      return;
    }
    this.#cursor.put(this.#asked.cursorMs ?? (track.times[0] as number));
    if (this.#asked.view === null) void this.#fit(track, drawn);
    this.#detail = new HistoryDetail(asked, track, (finer) => this.#refine(finer));
    this.#looked();
  }

  /** Once more when strips and chart have taken their part of the height from the map. */
  async #fit(track: Track, drawn: Promise<void>): Promise<void> {
    const load = this.#loads;
    this.#view.fit(track);
    await drawn;
    await nextFrame();
    if (load === this.#loads) this.#view.fit(track);
  }

  async #count(asked: Asked, load: number): Promise<void> {
    const days = await loadDays(asked, this.#zone).catch(() => null);
    if (load === this.#loads) this.#figures.show(days === null ? null : sumOf(days));
  }

  #refine(track: Track): void {
    this.#track = track;
    void this.#view.refine(track);
    this.#say(...caveatsOf(track));
    this.#moved(this.#cursor.shownMs);
  }

  #clear(): void {
    this.#player.pause();
    this.#detail?.end();
    this.#detail = null;
    this.#track = null;
    this.#figures.show(null);
    this.#showBar();
  }

  #looked(): void {
    this.#rememberSoon();
    this.#detail?.look({ window: this.#view.window, bounds: this.#map.bounds() });
  }

  // The cursor -------------------------------------------------------------------------------------------------------

  #moved(timeMs: number | null): void {
    const { isFollowing } = this.#asked;
    this.#view.showCursor(timeMs, { isFollowing: isFollowing && this.#player.isPlaying });
    this.#rememberSoon();
  }

  #put(timeMs: number): void {
    if (this.#track !== null) this.#cursor.put(Math.round(timeMs));
  }

  /** While it plays the pointer is left alone. */
  #hover(timeMs: number | null): void {
    if (this.#track !== null && !this.#player.isPlaying) this.#cursor.hover(timeMs);
  }

  #pick(episode: Episode): void {
    this.#put(Math.max(episode.fromMs, this.#span[0]));
    this.#map.reveal(episode.kind === 'stop' ? episode.stop : episode.trip.start, { isFollowing: false });
  }

  #step(step: 1 | -1): void {
    const nowMs = this.#cursor.putMs;
    if (this.#track !== null && nowMs !== null) this.#cursor.put(neighbourMs(this.#track, nowMs, step));
  }

  #jump(step: 1 | -1): void {
    const nowMs = this.#cursor.putMs;
    const next = nowMs === null ? null : this.#view.neighbour(nowMs, step);
    if (next !== null) this.#pick(next);
  }

  #toggle(): void {
    if (this.#track === null) return;
    const endMs = this.#track.times.at(-1) ?? 0;
    if (this.#player.isPlaying) this.#player.pause();
    else {
      if ((this.#cursor.putMs ?? 0) >= endMs) this.#cursor.put(this.#track.times[0] ?? null);
      this.#player.play();
    }
    this.#showBar();
  }

  #set(change: Partial<Pick<HistoryAddress, 'speed' | 'isSkipping' | 'isFollowing'>>): void {
    this.#asked = { ...this.#asked, ...change };
    this.#showBar();
    this.#rememberSoon();
  }

  #showBar(): void {
    const { speed, isSkipping, isFollowing } = this.#asked;
    this.#bar.show({ isPlaying: this.#player.isPlaying, speed, isSkipping, isFollowing });
  }

  // Words, files, address, keys --------------------------------------------------------------------------------------

  #say(...lines: readonly string[]): void {
    mountPoint('state').replaceChildren(...lines.map((line) => h('p', {}, line)));
    mountPoint('state').removeAttribute('data-kind');
  }

  #complain(text: string): void {
    this.#say(text);
    mountPoint('state').dataset.kind = 'alarm';
  }

  #downloads(asked: Asked): readonly Download[] {
    const { first, last } = this.#asked;
    const stem = [asked.slug, ...new Set([first, last])].join('_');
    const track = FILES.map(([name, format]) => ({
      ...{
        name: t('Track as {format}', { format: name }),
        address: addressOf(asked, 'track', { format }),
        file: `${stem}.${format}`,
      },
    }));
    const summary = addressOf(asked, 'summary', { tz: this.#zone, format: 'csv' });
    return [...track, { name: t('Summary as CSV'), address: summary, file: `${stem}_summary.csv` }];
  }

  /** Once; without them places are coordinates. */
  async #findRegions(): Promise<void> {
    if (this.#regions.length === 0)
      this.#regions = await loadRegions(this.#config.regions_url).catch(() => []);
  }

  async #nameVehicles(): Promise<void> {
    try {
      this.#vehicles.set(await loadVehicles(this.#config.vehicles_url));
    } catch {
      this.#complain(t('The vehicles could not be loaded. Reload the page to try again.'));
    }
  }

  get #span(): Span {
    const { first, last } = this.#asked;
    return [instantOf(first, 0, this.#zone), instantOf(addDays(last, 1), 0, this.#zone)];
  }

  #today(): string {
    return dayOf(Date.now(), this.#zone);
  }

  #rememberSoon(): void {
    if (this.#track === null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#asked = { ...this.#asked, cursorMs: this.#cursor.putMs, view: this.#map.view() };
      this.#remember('replaceState');
    }, REMEMBER_AFTER_MS);
  }

  #remember(how: 'pushState' | 'replaceState'): void {
    const cursorMs = this.#asked.cursorMs === null ? null : Math.round(this.#asked.cursorMs / 1_000) * 1_000;
    history[how](null, '', location.pathname + formatHistoryAddress({ ...this.#asked, cursorMs }));
  }

  #listen(): void {
    mountPoint('settings-button').addEventListener('click', () => this.#settings.open());
    addEventListener('popstate', () => location.reload());
    listenForHistoryKeys([
      { key: ' ', what: t('play or pause'), run: () => this.#toggle() },
      { key: 'ArrowRight', what: t('to the fix after'), run: () => this.#step(1) },
      { key: 'ArrowLeft', what: t('to the fix before'), run: () => this.#step(-1) },
      { key: 'ArrowDown', what: t('to the next trip or stop'), run: () => this.#jump(1) },
      { key: 'ArrowUp', what: t('to the trip or stop before'), run: () => this.#jump(-1) },
      { key: '+', what: t('play faster'), run: () => this.#set({ speed: nextSpeed(this.#asked.speed, 1) }) },
      { key: '-', what: t('play slower'), run: () => this.#set({ speed: nextSpeed(this.#asked.speed, -1) }) },
      {
        key: 'g',
        what: t('skip gaps and stops'),
        run: () => this.#set({ isSkipping: !this.#asked.isSkipping }),
      },
      {
        key: 'f',
        what: t('follow while it plays'),
        run: () => this.#set({ isFollowing: !this.#asked.isFollowing }),
      },
      {
        key: 'z',
        what: t('show the track whole'),
        run: () => this.#track !== null && this.#view.fit(this.#track),
      },
      { key: 'p', what: t('the days before'), run: () => this.#range.shift(-1) },
      { key: 'n', what: t('the days after'), run: () => this.#range.shift(1) },
      { key: 'd', what: t('today'), run: () => this.#range.today() },
      { key: 'w', what: t('the last seven days'), run: () => this.#range.week() },
      { key: '/', what: t('choose a vehicle'), run: () => this.#vehicles.focus() },
      { key: ',', what: t('settings'), run: () => this.#settings.open() },
      { key: 't', what: t('light or dark'), run: () => this.#theme.toggle() },
    ]);
  }
}
