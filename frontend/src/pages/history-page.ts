/** What the history page shows and does: one vehicle or several, some days, one cursor, kept the same in all views and in the address. */
import { shortDayText } from '../format.ts';
import { nextFrame } from '../frames.ts';
import { type HistoryAddress, parseHistoryAddress } from '../history/address.ts';
import {
  type Company,
  idleSpans,
  knownSpan,
  type Member,
  othersOf,
  ownOf,
  withAnother,
  withOneMore,
  withoutOne,
} from '../history/company.ts';
import { downloadsOf } from '../history/downloads.ts';
import type { Episode } from '../history/episodes.ts';
import { sumOf } from '../history/figures.ts';
import { type Asked, loadDays, loadEpisodes, loadVehicles } from '../history/load.ts';
import { PlaceNames } from '../history/place-names.ts';
import type { Span } from '../history/player.ts';
import { caveatsOf, companyCaveatsOf, emptyText } from '../history/texts.ts';
import { type Track, trackOf } from '../history/track.ts';
import { TrackSource } from '../history/track-source.ts';
import { addDays, dayOf, instantOf } from '../history/zone.ts';
import { createHistoryMap, type HistoryMap } from '../map/history-map.ts';
import type { PageConfig } from '../page-config.ts';
import { CompanyBar } from '../panels/company-bar.ts';
import { mountPoint } from '../panels/dom.ts';
import { ExportMenu, HistoryFigures } from '../panels/history-head.ts';
import { HistoryState } from '../panels/history-state.ts';
import { RangePicker } from '../panels/range-picker.ts';
import { SettingsSheet } from '../panels/settings-sheet.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { TrailLegend } from '../panels/trail-legend.ts';
import { VehiclePicker } from '../panels/vehicle-picker.ts';
import { t } from '../texts.ts';
import { HistoryCompany } from './history-company.ts';
import { HistoryDetail } from './history-detail.ts';
import { listenForHistoryKeys } from './history-keys.ts';
import { HistoryMemory } from './history-memory.ts';
import { HistoryTime } from './history-time.ts';
import { HistoryView } from './history-view.ts';

export class HistoryPage {
  readonly #config: PageConfig;
  readonly #zone: string;
  readonly #map: HistoryMap;
  readonly #view: HistoryView;
  readonly #time: HistoryTime;
  readonly #theme: ThemeSwitch;
  readonly #settings: SettingsSheet;
  readonly #vehicles = new VehiclePicker(mountPoint('vehicle-picker'), (slug, { isMore }) =>
    this.#turnTo(isMore ? withOneMore(this.#asked, slug) : withAnother(this.#asked, slug), isMore),
  );
  readonly #companyBar = new CompanyBar({
    container: mountPoint('company'),
    onAdd: () => this.#vehicles.add(),
    onChoose: (slug) => this.#turnTo(withAnother(this.#asked, slug), true),
    onRemove: (slug) => this.#turnTo(withoutOne(this.#asked, slug), true),
  });
  readonly #tracks = new TrackSource();
  readonly #company: HistoryCompany;
  readonly #places: PlaceNames;
  #others: readonly Member[] = [];
  readonly #range: RangePicker;
  readonly #exports = new ExportMenu(mountPoint('export'), () => window.print());
  readonly #figures = new HistoryFigures(mountPoint('figures'));
  readonly #legend = new TrailLegend(mountPoint('map-area'));
  readonly #state = new HistoryState(mountPoint('state'));
  readonly #memory = new HistoryMemory(() => this.#remembered());
  #asked: HistoryAddress;
  #track: Track | null = null;
  #idle: readonly Span[] = [];
  #detail: HistoryDetail | null = null;
  /** The reader has moved the map since it was fitted: what comes late does not fit it again. */
  #isMapInHand = false;
  /** A late answer to an old one is dropped. */
  #loads = 0;

  constructor(config: PageConfig, zone: string) {
    this.#config = config;
    this.#zone = zone;
    this.#company = new HistoryCompany(config.vehicles_url, this.#tracks);
    this.#places = new PlaceNames(config.regions_url);
    this.#asked = parseHistoryAddress(location.search, dayOf(Date.now(), this.#zone));
    this.#theme = new ThemeSwitch(mountPoint('theme-button'), (theme) => {
      this.#map.setTheme(theme);
      this.#view.themeChanged();
    });
    this.#map = createHistoryMap({
      container: mountPoint('map'),
      theme: this.#theme.theme,
      ...(config.tile_url ? { tileUrl: config.tile_url, tileAttribution: config.tile_attribution } : {}),
      onPick: (timeMs) => this.#time.put(timeMs),
      onHover: (timeMs) => this.#time.hover(timeMs),
      onViewChange: () => this.#looked(),
      onUserMove: () => this.#time.unfollow(),
      onHand: () => {
        this.#isMapInHand = true;
      },
    });
    this.#time = new HistoryTime({
      container: mountPoint('player'),
      pace: this.#asked,
      reach: () => ({ track: this.#track, span: this.#span, known: this.#known, idle: this.#idle }),
      onChange: () => this.#memory.rememberSoon(),
      onMove: (timeMs, how) => this.#view.showCursor(timeMs, how),
      onJump: (timeMs, step) => this.#pick(this.#view.neighbour(timeMs, step)),
    });
    this.#view = new HistoryView({
      ...{ map: this.#map, bar: this.#time.bar, zone },
      onPick: (timeMs) => this.#time.put(timeMs),
      onHover: (timeMs) => this.#time.hover(timeMs),
      onEpisode: (episode) => this.#pick(episode),
      onWindow: () => this.#looked(),
      nameOf: (place) => this.#places.nameOf(place),
    });
    this.#range = new RangePicker({
      container: mountPoint('range-picker'),
      today: () => dayOf(Date.now(), zone),
      onPick: (first, last) => this.#turnTo({ first, last }),
    });
    this.#settings = new SettingsSheet({ fleetZone: config.time_zone, onFormats: () => location.reload() });
    this.#listen();
  }

  async start(): Promise<void> {
    this.#range.show(this.#asked.first, this.#asked.last);
    this.#showCompany();
    if (this.#asked.view !== null) this.#map.setView(this.#asked.view);
    const named = this.#nameVehicles();
    if (this.#asked.vehicles.length > 1) await named;
    await this.#load();
  }

  // What is shown ----------------------------------------------------------------------------------------------------

  /** Other vehicles or other days; `isSame`: the moment and the place stay what they are. */
  #turnTo(change: Company | Pick<HistoryAddress, 'first' | 'last'>, isSame = false): void {
    const { cursorMs, view } = this.#asked;
    this.#asked = {
      ...this.#asked,
      ...this.#time.pace,
      ...change,
      cursorMs: isSame ? (this.#time.putMs ?? cursorMs) : null,
      view:
        isSame && 'vehicle' in change && change.vehicles.length <= this.#asked.vehicles.length ? view : null,
    };
    this.#range.show(this.#asked.first, this.#asked.last);
    this.#showCompany();
    this.#memory.step(this.#asked);
    void this.#load();
  }

  #showCompany(): void {
    this.#vehicles.choose(this.#asked.vehicle);
    this.#companyBar.show(this.#asked, (slug) => this.#vehicles.nameOf(slug));
  }

  async #load(): Promise<void> {
    this.#clear();
    const { vehicle, first, last } = this.#asked;
    if (vehicle === null) {
      document.body.classList.add('is-empty');
      this.#showExports();
      this.#state.say(t('Choose a vehicle to see where it was.'));
      return;
    }
    this.#state.say(t('Loading …'));
    const load = ++this.#loads;
    const asked = this.#askedOf(vehicle);
    const episodes = loadEpisodes(asked).catch(() => null);
    void this.#count(asked, load);
    try {
      const [track] = await Promise.all([this.#tracks.overview(asked), this.#places.load()]);
      const found = await episodes;
      if (load === this.#loads) this.#show(asked, track, found, [first, last]);
    } catch (error) {
      if (load !== this.#loads) return;
      this.#show(asked, trackOf({ rows: [] }), [], [first, last]);
      this.#state.complain(error instanceof Error ? error.message : String(error));
    }
  }

  #show(asked: Asked, track: Track, found: readonly Episode[] | null, days: readonly [string, string]): void {
    const episodes = found ?? [];
    this.#track = track;
    const own = ownOf(this.#asked);
    const drawn = this.#view.show(track, episodes, days, { own, name: this.#vehicles.nameOf(asked.slug) });
    this.#idle = idleSpans([{ track, episodes }]);
    const isEmpty = track.times.length === 0;
    document.body.classList.toggle('is-empty', isEmpty && own === null);
    this.#legend.show({ isShown: !isEmpty && own === null, note: '' });
    this.#showExports();
    const failed =
      found === null ? [t('Trips and stops could not be loaded. Reload the page to try again.')] : [];
    this.#state.say(...(isEmpty ? [emptyText(track.isLimited)] : [...failed, ...caveatsOf(track)]));
    if (own !== null) void this.#accompany({ track, episodes }, drawn);
    if (isEmpty) {
      this.#time.begin(own === null ? null : this.#asked.cursorMs);
      this.#offerLastDay();
      return;
    }
    this.#time.begin(this.#asked.cursorMs ?? (track.times[0] as number));
    if (this.#asked.view === null) void this.#fit(drawn);
    this.#detail = new HistoryDetail(this.#tracks, asked, track, (finer) => this.#refine(finer));
    this.#looked();
  }

  /** The others come after the chosen one, on the map as they come, in strips and list once all are there. */
  async #accompany(chosen: Pick<Member, 'track' | 'episodes'>, drawn: Promise<void>): Promise<void> {
    const load = this.#loads;
    const isFitted = this.#asked.view !== null;
    const wanted = othersOf(this.#asked, (slug) => this.#vehicles.nameOf(slug));
    const lost: string[] = [];
    for await (const one of this.#company.load(wanted, this.#span, chosen.track.times.length)) {
      await drawn;
      if (load !== this.#loads) return;
      if ('track' in one) this.#others = [...this.#others, one];
      else lost.push(one.name);
      this.#view.join(this.#others);
      await nextFrame();
    }
    if (load !== this.#loads) return;
    this.#idle = idleSpans([chosen, ...this.#others]);
    if (this.#time.putMs === null) this.#time.begin(this.#known?.[0] ?? null);
    if (lost.length > 0)
      this.#state.complain(t('The past of {names} could not be loaded.', { names: lost.join(', ') }));
    this.#state.add(...companyCaveatsOf(this.#others));
    await this.#view.accompany();
    if (load === this.#loads && !isFitted) this.#fitAgain();
  }

  /** From the first fix of all to the last. */
  get #known(): Span | null {
    const chosen = this.#track === null ? [] : [this.#track];
    return knownSpan([...chosen, ...this.#others.map(({ track }) => track)]);
  }

  /** Once more when strips and chart have taken their part of the height from the map. */
  async #fit(drawn: Promise<void>): Promise<void> {
    const load = this.#loads;
    this.#isMapInHand = false;
    this.#view.fit();
    await drawn;
    await nextFrame();
    if (load === this.#loads) this.#fitAgain();
  }

  #fitAgain(): void {
    if (!this.#isMapInHand) this.#view.fit();
  }

  async #count(asked: Asked, load: number): Promise<void> {
    const days = await loadDays(asked, this.#zone).catch(() => null);
    if (load === this.#loads) this.#figures.show(days === null ? null : sumOf(days));
  }

  #refine(track: Track): void {
    this.#track = track;
    void this.#view.refine(track);
    this.#state.say(...caveatsOf(track));
    this.#time.refresh();
  }

  #clear(): void {
    this.#time.pause();
    this.#detail?.end();
    this.#detail = null;
    this.#track = null;
    this.#others = [];
    this.#state.add();
    this.#figures.show(null);
  }

  #looked(): void {
    this.#memory.rememberSoon();
    this.#detail?.look({ window: this.#view.window, bounds: this.#map.bounds() });
  }

  #pick(episode: Episode | null): void {
    if (episode === null) return;
    this.#time.put(Math.max(episode.fromMs, this.#span[0]));
    this.#map.reveal(episode.kind === 'stop' ? episode.stop : episode.trip.start, { isFollowing: false });
  }

  /** Of who sent nothing in these days; that may be known before the vehicles are. */
  #offerLastDay(): void {
    const { vehicle, first, last } = this.#asked;
    const lastMs = this.#vehicles.lastMs(vehicle);
    if (lastMs === null || !document.body.classList.contains('is-empty')) return;
    const day = dayOf(lastMs, this.#zone);
    if (first <= day && day <= last) return;
    this.#state.offer(t('Show its last day: {day}', { day: shortDayText(lastMs) }), () =>
      this.#turnTo({ first: day, last: day }),
    );
  }

  // Words, files, address, keys --------------------------------------------------------------------------------------

  #showExports(): void {
    const { first, last, vehicles } = this.#asked;
    const groups = vehicles.map((slug, own) => ({
      own: vehicles.length < 2 ? null : own,
      name: this.#vehicles.nameOf(slug),
      downloads: downloadsOf(this.#askedOf(slug), [first, last], this.#zone),
    }));
    this.#exports.show(document.body.classList.contains('is-empty') ? [] : groups);
  }

  #askedOf(slug: string): Asked {
    return { vehiclesUrl: this.#config.vehicles_url, slug, span: this.#span };
  }

  async #nameVehicles(): Promise<void> {
    try {
      this.#vehicles.set(await loadVehicles(this.#config.vehicles_url));
      this.#showCompany();
      this.#offerLastDay();
    } catch {
      this.#state.complain(t('The vehicles could not be loaded. Reload the page to try again.'));
    }
  }

  get #span(): Span {
    const { first, last } = this.#asked;
    return [instantOf(first, 0, this.#zone), instantOf(addDays(last, 1), 0, this.#zone)];
  }

  #remembered(): HistoryAddress | null {
    if (this.#track === null) return null;
    this.#asked = { ...this.#asked, ...this.#time.pace, cursorMs: this.#time.putMs, view: this.#map.view() };
    return this.#asked;
  }

  #listen(): void {
    mountPoint('settings-button').addEventListener('click', () => this.#settings.open());
    addEventListener('popstate', () => location.reload());
    listenForHistoryKeys([
      ...this.#time.shortcuts,
      { key: 'z', what: t('show the track whole'), run: () => this.#view.fit() },
      ...this.#range.shortcuts,
      ...this.#vehicles.shortcuts,
      { key: ',', what: t('settings'), run: () => this.#settings.open() },
      { key: 't', what: t('light or dark'), run: () => this.#theme.toggle() },
    ]);
  }
}
