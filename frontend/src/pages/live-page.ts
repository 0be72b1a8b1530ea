/** What the live page shows and does: one selection, one filter, one choice of regions, kept the same in map, list and address. */
import { onComeback } from '../comeback.ts';
import { pastTitleText, titleText } from '../feed-health.ts';
import { cursorText } from '../history/texts.ts';
import { LiveFeed } from '../live-feed.ts';
import { createFleetMap } from '../map/fleet-map.ts';
import type { FleetMap } from '../map/types.ts';
import type { PageConfig } from '../page-config.ts';
import { mountPoint } from '../panels/dom.ts';
import { LiveChip } from '../panels/live-chip.ts';
import { Notice } from '../panels/notice.ts';
import { PileMenu } from '../panels/pile-menu.ts';
import { SettingsSheet } from '../panels/settings-sheet.ts';
import type { Shortcut } from '../panels/shortcuts.ts';
import { SideColumn } from '../panels/side-column.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { ViewsDialog, viewsMenuItem } from '../panels/views-dialog.ts';
import { WallClock } from '../panels/wall-clock.ts';
import { loadPreferences, zoneOf } from '../preferences.ts';
import { endText } from '../problem-text.ts';
import { SavedViews } from '../saved-views.ts';
import { ALARM } from '../status.ts';
import { t } from '../texts.ts';
import { openLive } from '../transports/live.ts';
import { formatUrlState, parseUrlState, readerHere, type UrlState } from '../url-state.ts';
import { Desk } from './desk.ts';
import { LiveAddress } from './live-address.ts';
import { LiveDays } from './live-days.ts';
import { listenForLiveKeys } from './live-keys.ts';
import { LiveList } from './live-list.ts';
import { LivePlaces } from './live-places.ts';
import { LiveRegions } from './live-regions.ts';
import { LiveReplay } from './live-replay.ts';
import { LiveSelection, vehicleRoom } from './live-selection.ts';
import { LiveTools } from './live-tools.ts';
import { LiveTrails } from './live-trails.ts';
import { leadToVisits } from './live-visits.ts';
import { RegionEditorOpener } from './region-editor-opener.ts';
import { ShownFleet } from './shown-fleet.ts';

/** The list, the chips and the card are looked at this often; the map follows every frame by itself. */
const TICK_MS = 250;
const TICKS_PER_SECOND = 4;

export class LivePage {
  readonly #asked = parseUrlState(location.search);
  readonly #feed: LiveFeed;
  readonly #map: FleetMap;
  readonly #shown: ShownFleet;
  readonly #replay: LiveReplay;
  readonly #list: LiveList;
  readonly #selection: LiveSelection;
  readonly #trails: LiveTrails;
  readonly #tools: LiveTools;
  readonly #regions: LiveRegions;
  readonly #regionEditor: RegionEditorOpener;
  readonly #address: LiveAddress;
  readonly #desk: Desk;
  readonly #column: SideColumn;
  readonly #liveChip = new LiveChip(mountPoint('live-chip'));
  readonly #clock: WallClock;
  readonly #notice = new Notice(mountPoint('map-area'));
  readonly #pile = new PileMenu(mountPoint('map-area'), (id) =>
    this.#selection.select(id, { reveal: true, pan: false }),
  );
  readonly #settings: SettingsSheet;
  readonly #theme: ThemeSwitch;
  readonly #views: ViewsDialog;
  #ticks = 0;

  constructor(config: PageConfig) {
    const zone = zoneOf(loadPreferences(), config.time_zone);
    this.#clock = new WallClock(mountPoint('live-chip'), zone);
    const base = new URL('.', new URL(config.live_url, location.href));
    this.#feed = new LiveFeed(openLive({ base, token: null }), {
      changed: () => this.#passOn(),
      refused: (channel, reason) => this.#refused(channel, endText(reason)),
      happened: (event) => this.#desk.happened(event),
      noted: (note) => (note.type === 'regions' ? this.#regions.heard(note.mark) : this.#desk.noted(note)),
    });
    // Before the map, which takes what it leaves.
    this.#column = new SideColumn(mountPoint('side'), mountPoint('side-button'));
    this.#theme = new ThemeSwitch(mountPoint('theme-button'), (theme) => this.#map.setTheme(theme));
    this.#map = createFleetMap({
      container: mountPoint('map'),
      theme: this.#theme.theme,
      ...(config.tile_url ? { tileUrl: config.tile_url, tileAttribution: config.tile_attribution } : {}),
      nameOf: (id) => this.#shown.store.get(id)?.info.name ?? '',
      onPick: (id, { isMore }) =>
        isMore && id !== null
          ? this.#selection.toggle(id)
          : this.#selection.select(id, { reveal: true, pan: false }),
      onPile: (ids, at) =>
        this.#pile.open(
          ids.flatMap((id) => this.#shown.store.get(id) ?? []),
          at,
        ),
      onHover: (id) => this.#list.hover(id),
      onViewChange: () => {
        this.#list.viewChanged();
        this.#address.rememberSoon();
      },
      onUserMove: () => this.#selection.letGo(),
      onHand: () => this.#regions.leaveView(),
      onMeasure: (measured) => this.#tools.measured(measured),
    });
    this.#shown = new ShownFleet(this.#feed, this.#map, {
      changed: (moved, removed) => this.#regions.hear(moved, removed),
      turned: () => this.#regions.countAnew(),
    });
    this.#regions = new LiveRegions({
      vehicles: () => this.#shown.store.byName(),
      container: mountPoint('region-chips'),
      config,
      feed: this.#feed,
      map: this.#map,
      onChange: () => this.#watch(),
      onShapes: () => this.#regionEditor.refresh(),
      onFit: () => this.#selection.follow(false),
      onFleetFitted: () => this.#selection.reveal(),
      say: (text) => this.#notice.say(text),
    });
    this.#regionEditor = new RegionEditorOpener({
      regionsUrl: config.regions_url,
      timeZone: config.time_zone,
      map: this.#map,
      regions: this.#regions,
      say: (text) => this.#notice.say(text),
    });
    this.#desk = new Desk({
      feed: this.#feed,
      config,
      regions: this.#regions,
      column: this.#column,
      zone,
      onPick: (vehicles, timeMs) => this.#replay.goTo(timeMs, () => this.#selection.seek(vehicles)),
      onCall: (vehicles) => {
        this.#replay.close();
        this.#selection.seek(vehicles);
      },
      say: (text) => this.#notice.say(text),
    });
    this.#address = new LiveAddress(() => this.#urlState());
    this.#list = new LiveList({
      feed: this.#shown,
      map: this.#map,
      filter: { search: this.#asked.search, statuses: new Set(this.#asked.statuses) },
      isDemo: config.demo,
      days: new LiveDays({ fleetUrl: config.fleet_url, zone }),
      unread: (slug) => this.#desk.unread(slug),
      isInView: this.#asked.isInView,
      order: this.#asked.order,
      regions: () => this.#regions.shapes,
      onPick: (id) => this.#selection.select(id, { reveal: true, pan: true }),
      onChoose: (ids) => this.#selection.choose(ids),
      places: new LivePlaces({
        map: this.#map,
        regions: () => this.#regions.shapes,
        onGo: () => {
          this.#selection.follow(false);
          this.#list.endSearch();
        },
      }),
      onFilter: () => this.#address.rememberSoon(),
    });
    this.#trails = new LiveTrails({
      feed: this.#feed,
      shown: this.#shown,
      map: this.#map,
      vehiclesUrl: config.vehicles_url,
      isAll: this.#asked.hasTrails,
      inView: () => this.#list.inView(),
      onChange: () => this.#address.rememberSoon(),
    });
    this.#replay = new LiveReplay({
      feed: this.#feed,
      shown: this.#shown,
      fleetUrl: config.fleet_url,
      vehiclesUrl: config.vehicles_url,
      alertsUrl: config.alerts_url,
      zone: zoneOf(loadPreferences(), config.time_zone),
      asked: this.#asked.replay,
      selected: () => this.#selection.slug,
      isWatched: (slug, place) => this.#selection.has(slug) || this.#regions.isWatched(place),
      onTurn: (turn) => this.#turn(turn),
      onMove: () => this.#trails.tick(),
      onChange: () => this.#replayed(),
    });
    this.#tools = new LiveTools({
      map: this.#map,
      trails: this.#trails,
      labels: this.#asked.labels,
      nowMs: () => this.#shown.serverNowMs,
      replay: this.#replay,
      say: (text) => this.#notice.say(text),
      onChange: () => this.#address.rememberSoon(),
    });
    this.#selection = new LiveSelection({
      feed: this.#shown,
      map: this.#map,
      config,
      regions: this.#regions,
      asked: this.#asked,
      onMark: (ids, how) => this.#mark(ids, how),
      onTurn: (slug) => this.#desk.turnTo(slug),
      onGroup: () => {
        this.#column.turnTo(true);
        this.#address.rememberSoon();
      },
      onWatch: () => this.#watch(),
      say: (text) => this.#notice.say(text),
    });
    this.#views = new ViewsDialog({
      views: new SavedViews(config.views_url),
      query: () => this.#viewQuery(),
    });
    this.#settings = new SettingsSheet({
      fleetZone: config.time_zone,
      onFormats: () => location.reload(),
      calls: {
        onSound: () => this.#desk.calls.playSound(),
        onNotify: () => this.#desk.calls.allowNotifications(),
      },
    });
    this.#listen();
  }

  async start(): Promise<void> {
    this.#list.start();
    this.#tools.start();
    if (this.#asked.view !== null) this.#map.setView(this.#asked.view);
    setInterval(() => this.#tick(), TICK_MS);
    this.#feed.start();
    await this.#regions.load(this.#asked.regions, { fit: this.#asked.view === null });
    this.#list.regionsChanged();
    this.#replay.start(() => this.#selection.arrived());
    await this.#desk.load();
  }

  /** The regions, and the selected vehicle wherever it is. */
  #watch(): void {
    const { slug } = this.#selection;
    const room = slug === null ? [] : [vehicleRoom(slug)];
    if (this.#regions.isLoaded) this.#feed.watch([...this.#regions.channels, ...room]);
    this.#replay.refresh();
    this.#address.rememberSoon();
  }

  /** Another fleet is shown; what was selected stays so. */
  #turn(turn: () => void): void {
    const { slug, groupSlugs } = this.#selection;
    turn();
    this.#trails.turned();
    this.#selection.turned(slug, groupSlugs);
    this.#list.turned();
    this.#showFeed();
  }

  #replayed(): void {
    this.#tools.press();
    this.#address.rememberSoon();
  }

  #mark(ids: readonly number[], { reveal }: { readonly reveal: boolean }): void {
    this.#map.select(ids);
    this.#trails.select(ids);
    this.#list.select(ids, { reveal });
  }

  #refused(channel: string | null, reason: string): void {
    if (channel === null) this.#notice.say(reason);
    else if (this.#selection.holds(channel)) this.#desk.refused(reason);
    else if (this.#selection.giveUp(channel))
      this.#notice.say(t('That vehicle is not where you may see it now.'));
    else this.#notice.say(`${channel}: ${reason}`);
  }

  #escape(): void {
    if (this.#tools.endMeasuring()) return;
    this.#map.goTo(null);
    this.#selection.select(null, { reveal: false, pan: false });
  }

  // Time -------------------------------------------------------------------------------------------------------------

  /** After every frame: only the map must know at once. */
  #passOn(): void {
    this.#shown.passOn((moved) => this.#trails.hear(moved));
    // Browsers let the timers of a hidden tab go off once a minute.
    if (document.hidden) this.#showFeed();
  }

  #tick(): void {
    this.#ticks += 1;
    const isNewSecond = this.#ticks % TICKS_PER_SECOND === 0;
    if (isNewSecond) this.#feed.advance();
    if (isNewSecond) this.#regions.count();
    if (isNewSecond) this.#clock.show(this.#feed.serverNowMs);
    if (isNewSecond) this.#list.lookAtDays();
    this.#regions.tick();
    this.#selection.tick();
    if (this.#shown.takeChanged() || isNewSecond) this.#list.refresh();
    this.#shown.noteNewcomers();
    this.#trails.tick();
    this.#desk.tick();
    this.#showFeed();
  }

  #showFeed(): void {
    const report = this.#feed.report();
    const { past } = this.#shown;
    const isLost = past === null && (report.level === 'lost' || report.level === 'ended');
    this.#liveChip.show(report);
    const live = titleText(report.level, (this.#feed.store.counts[ALARM] ?? 0) + this.#desk.unreadTotal);
    const title = past === null ? live : pastTitleText(cursorText(past.nowMs));
    if (title !== document.title) document.title = title;
    if (document.body.classList.contains('is-feed-lost') === isLost) return;
    document.body.classList.toggle('is-feed-lost', isLost);
    this.#map.setFeedLost(isLost);
  }

  // Address, keys, network -------------------------------------------------------------------------------------------

  #urlState(): UrlState | null {
    if (!this.#regions.isLoaded) return null;
    const { choice } = this.#regions;
    return {
      regions: choice === 'all' ? [] : [...choice],
      vehicle: this.#selection.slug,
      group: this.#selection.groupSlugs,
      search: this.#list.filter.search,
      statuses: [...this.#list.filter.statuses],
      labels: this.#tools.labels,
      isInView: this.#list.isInView,
      order: this.#list.order,
      units: this.#asked.units,
      hasTrails: this.#trails.isAll,
      view: this.#map.view(),
      replay: this.#replay.address,
    };
  }

  /** All that shows, also what is the reader's own setting; of another day it is of no use that the past was shown. */
  #viewQuery(): string {
    const state = this.#urlState();
    const { speed } = readerHere(loadPreferences(), this.#asked);
    return state === null ? '' : formatUrlState({ ...state, replay: null, units: speed }).slice(1);
  }

  #listen(): void {
    mountPoint('menu-items').prepend(viewsMenuItem(() => this.#views.open()));
    leadToVisits({ map: this.#map, regions: this.#regions });
    listenForLiveKeys(this.#shortcuts());
    mountPoint('settings-button').addEventListener('click', () => this.#settings.open());
    onComeback(() => {
      this.#feed.nudge();
      this.#tick();
    });
  }

  #shortcuts(): Shortcut[] {
    return [
      { key: '/', what: t('search'), run: () => this.#list.search() },
      { key: 'ArrowDown', what: t('to the list'), run: () => this.#list.focus() },
      { key: 'f', what: t('follow the selected vehicle'), run: () => this.#selection.toggleFollow() },
      { key: 'm', what: t('write to its driver'), run: () => this.#desk.writeToDriver() },
      { key: 'a', what: t('to the newest alert'), run: () => this.#desk.turnToAlerts() },
      { key: 'e', what: t('to the events'), run: () => this.#desk.readLog() },
      { key: 's', what: t('open or close the right column'), run: () => this.#desk.toggle() },
      ...this.#tools.shortcuts,
      ...this.#replay.shortcuts,
      { key: 'v', what: t('list only what the map shows'), run: () => this.#list.toggleInView() },
      { key: 'z', what: t('show the chosen regions whole'), run: () => this.#regions.fit() },
      { key: ',', what: t('settings'), run: () => this.#settings.open() },
      ...this.#regionEditor.shortcuts,
      { key: 'w', what: t('views that you keep'), run: () => this.#views.open() },
      { key: 't', what: t('light or dark'), run: () => this.#theme.toggle() },
      { key: 'Backspace', what: t('take the last measured point back'), run: () => this.#map.measureLess() },
      { key: 'Escape', what: t('stop measuring, else select nothing'), run: () => this.#escape() },
    ];
  }
}
