/** What the live page shows and does: one selection, one filter, one choice of regions, kept the same in map, list and address. */
import { isTimeToArrange } from '../arrange-rule.ts';
import { onComeback } from '../comeback.ts';
import { titleText } from '../feed-health.ts';
import { arrange, type Filter, matcher, type Order } from '../fleet-view.ts';
import { LiveFeed } from '../live-feed.ts';
import { createFleetMap } from '../map/fleet-map.ts';
import type { DrawStatus, FleetMap } from '../map/types.ts';
import type { PageConfig } from '../page-config.ts';
import { mountPoint } from '../panels/dom.ts';
import { KeySheet } from '../panels/key-sheet.ts';
import { ListHead } from '../panels/list-head.ts';
import { LiveChip } from '../panels/live-chip.ts';
import { Notice } from '../panels/notice.ts';
import { SearchBox } from '../panels/search-box.ts';
import { listenForKeys, type Shortcut } from '../panels/shortcuts.ts';
import { StatusChips } from '../panels/status-chips.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { VehicleCard } from '../panels/vehicle-card.ts';
import { VehicleList } from '../panels/vehicle-list.ts';
import { ALARM } from '../status.ts';
import { openLive } from '../transports/live.ts';
import { parseUrlState, type UrlState } from '../url-state.ts';
import { LiveAddress } from './live-address.ts';
import { LiveRegions } from './live-regions.ts';

/** The list, the chips and the card are looked at this often; the map follows every frame by itself. */
const TICK_MS = 250;
const TICKS_PER_SECOND = 4;

const KEY_NAMES: Readonly<Record<string, string>> = { ArrowDown: '↓', Escape: 'Esc' };

export class LivePage {
  readonly #config: PageConfig;
  readonly #asked = parseUrlState(location.search);
  readonly #feed: LiveFeed;
  readonly #map: FleetMap;
  readonly #list: VehicleList;
  readonly #head: ListHead;
  readonly #card: VehicleCard;
  readonly #search: SearchBox;
  readonly #regions: LiveRegions;
  readonly #address: LiveAddress;
  readonly #statusChips: StatusChips;
  readonly #liveChip = new LiveChip(mountPoint('live-chip'));
  readonly #notice = new Notice(mountPoint('map-area'));
  readonly #theme: ThemeSwitch;
  #filter: Filter = { search: this.#asked.search, statuses: new Set(this.#asked.statuses) };
  #order: Order = 'attention';
  #selected: number | null = null;
  /** Named in the address and not seen yet. */
  #awaitedSlug = this.#asked.vehicle;
  #isFollowing = false;
  #hasLabels = false;
  #isChanged = true;
  #isAsked = true;
  #membership = -1;
  #arrangedAtMs = 0;
  #ticks = 0;

  constructor(config: PageConfig) {
    this.#config = config;
    const base = new URL('.', new URL(config.live_url, location.href));
    this.#feed = new LiveFeed(openLive({ base, token: null }), {
      changed: () => this.#passOn(),
      refused: (channel, reason) => this.#notice.say(channel === null ? reason : `${channel}: ${reason}`),
      happened: () => undefined,
    });
    this.#theme = new ThemeSwitch(mountPoint('theme-button'), (theme) => this.#map.setTheme(theme));
    this.#map = createFleetMap({
      container: mountPoint('map'),
      theme: this.#theme.theme,
      ...(config.tile_url ? { tileUrl: config.tile_url, tileAttribution: config.tile_attribution } : {}),
      onPick: (id) => this.#select(id, { reveal: true, pan: false }),
      onViewChange: () => this.#address.rememberSoon(),
      onUserMove: () => this.#follow(false),
    });
    this.#regions = new LiveRegions({
      container: mountPoint('region-chips'),
      config,
      feed: this.#feed,
      map: this.#map,
      onChange: () => this.#watch(),
      onFit: () => this.#follow(false),
      say: (text) => this.#notice.say(text),
    });
    this.#address = new LiveAddress(() => this.#urlState());
    this.#search = new SearchBox({
      container: mountPoint('search'),
      onSearch: (search) => this.#show({ ...this.#filter, search }),
      onLeave: () => this.#list.focus(),
    });
    this.#statusChips = new StatusChips(mountPoint('status-chips'), (status) => this.#toggleStatus(status));
    this.#head = new ListHead(mountPoint('list-head'), (order) => this.#sort(order));
    this.#list = new VehicleList({
      container: mountPoint('vehicle-list'),
      onPick: (id) => this.#select(id, { reveal: true, pan: true }),
    });
    this.#card = new VehicleCard({
      container: mountPoint('vehicle-card'),
      onFollow: () => this.#follow(!this.#isFollowing),
      onClose: () => this.#select(null, { reveal: false, pan: false }),
    });
    this.#listen();
  }

  async start(): Promise<void> {
    this.#search.show(this.#filter.search);
    this.#show(this.#filter);
    if (this.#asked.view !== null) this.#map.setView(this.#asked.view);
    setInterval(() => this.#tick(), TICK_MS);
    this.#feed.start();
    await this.#regions.load(this.#asked.regions, { fit: this.#asked.view === null });
  }

  #watch(): void {
    this.#feed.watch(this.#regions.channels);
    this.#address.rememberSoon();
  }

  // Selection --------------------------------------------------------------------------------------------------------

  #select(id: number | null, { reveal, pan }: { readonly reveal: boolean; readonly pan: boolean }): void {
    if (id !== this.#selected) this.#follow(false);
    this.#selected = id;
    this.#awaitedSlug = null;
    this.#map.select(id);
    if (id !== null && pan) this.#map.panTo(id);
    this.#showCard();
    this.#list.select(id, { reveal });
    this.#address.rememberSoon();
  }

  #follow(isFollowing: boolean): void {
    const id = isFollowing ? this.#selected : null;
    if (this.#isFollowing === (id !== null)) return;
    this.#isFollowing = id !== null;
    this.#map.follow(id);
    this.#showCard();
  }

  #showCard(): void {
    const vehicle = this.#selected === null ? undefined : this.#feed.store.get(this.#selected);
    this.#card.show(vehicle, { nowMs: this.#feed.serverNowMs, isFollowed: this.#isFollowing });
  }

  // Filter and order -------------------------------------------------------------------------------------------------

  #show(filter: Filter): void {
    this.#filter = filter;
    const matches = matcher(filter);
    const { store } = this.#feed;
    this.#map.setFilter(
      matches === undefined
        ? null
        : (id) => {
            const vehicle = store.get(id);
            return vehicle !== undefined && matches(vehicle);
          },
    );
    this.#statusChips.press(filter.statuses);
    this.#isAsked = true;
    this.#refreshList();
    this.#address.rememberSoon();
  }

  #toggleStatus(status: DrawStatus): void {
    const statuses = new Set(this.#filter.statuses);
    if (!statuses.delete(status)) statuses.add(status);
    this.#show({ ...this.#filter, statuses });
  }

  #sort(order: Order): void {
    this.#order = order;
    this.#isAsked = true;
    this.#refreshList();
  }

  // Time -------------------------------------------------------------------------------------------------------------

  /** After every frame: only the map must know at once. */
  #passOn(): void {
    const { moved, restyled, removed } = this.#feed.store.takeChanges();
    if (moved.length > 0) this.#map.update(moved);
    for (const { id, status } of restyled) this.#map.restyle(id, status);
    if (removed.length > 0) this.#map.remove(removed);
    this.#isChanged ||= moved.length + restyled.length + removed.length > 0;
  }

  #tick(): void {
    this.#ticks += 1;
    const isNewSecond = this.#ticks % TICKS_PER_SECOND === 0;
    if (isNewSecond) this.#feed.advance();
    this.#regions.tick();
    this.#findAwaited();
    this.#dropLost();
    if (this.#isChanged || isNewSecond) this.#refreshList();
    this.#showCard();
    this.#showFeed();
  }

  #refreshList(): void {
    const { store } = this.#feed;
    const nowMs = Date.now();
    const hasNewMembers = store.membership !== this.#membership;
    const { isHeld } = this.#list;
    if (
      isTimeToArrange({
        nowMs,
        arrangedAtMs: this.#arrangedAtMs,
        isAsked: this.#isAsked,
        hasNewMembers,
        isHeld,
      })
    ) {
      this.#arrange(nowMs);
    }
    this.#statusChips.count(store.counts);
    this.#list.refresh(this.#feed.serverNowMs);
    this.#isChanged = false;
  }

  #arrange(nowMs: number): void {
    const { store } = this.#feed;
    const vehicles = arrange(store.byName(), matcher(this.#filter), this.#order);
    this.#list.arrange(vehicles, store.size === 0 ? this.#emptyText : 'No vehicle matches.');
    this.#head.show(vehicles.length, store.size);
    if (this.#hasLabels && store.membership !== this.#membership) this.#showLabels();
    this.#membership = store.membership;
    this.#arrangedAtMs = nowMs;
    this.#isAsked = false;
  }

  get #emptyText(): string {
    if (this.#feed.report().level === 'ended') return 'Nothing to show any more.';
    return this.#config.demo
      ? 'No vehicles here yet. “manage.py simulate” sends the demo fleet out.'
      : 'No vehicles here yet.';
  }

  #findAwaited(): void {
    const vehicle = this.#awaitedSlug === null ? undefined : this.#feed.store.find(this.#awaitedSlug);
    if (vehicle !== undefined) this.#select(vehicle.id, { reveal: true, pan: this.#asked.view === null });
  }

  #dropLost(): void {
    if (this.#selected === null || this.#feed.store.get(this.#selected) !== undefined) return;
    this.#select(null, { reveal: false, pan: false });
    this.#notice.say('The selected vehicle left the watched regions.');
  }

  #showFeed(): void {
    const report = this.#feed.report();
    const isLost = report.level === 'lost' || report.level === 'ended';
    this.#liveChip.show(report);
    const title = titleText(report.level, this.#feed.store.counts[ALARM] ?? 0);
    if (title !== document.title) document.title = title;
    if (document.body.classList.contains('is-feed-lost') === isLost) return;
    document.body.classList.toggle('is-feed-lost', isLost);
    this.#map.setFeedLost(isLost);
  }

  #toggleLabels(): void {
    this.#hasLabels = !this.#hasLabels;
    this.#showLabels();
  }

  #showLabels(): void {
    const names = this.#feed.store.byName().map(({ id, info }) => [id, info.name] as const);
    this.#map.labels(this.#hasLabels ? new Map(names) : null);
  }

  // Address, keys, network -------------------------------------------------------------------------------------------

  #urlState(): UrlState | null {
    if (!this.#regions.isLoaded) return null;
    const { choice } = this.#regions;
    const selected = this.#selected === null ? undefined : this.#feed.store.get(this.#selected);
    return {
      regions: choice === 'all' ? [] : [...choice],
      vehicle: selected?.info.slug ?? this.#awaitedSlug,
      search: this.#filter.search,
      statuses: [...this.#filter.statuses],
      view: this.#map.view(),
    };
  }

  #listen(): void {
    const shortcuts = this.#shortcuts();
    const sheet = new KeySheet([
      ...shortcuts.map(({ key, what }) => [KEY_NAMES[key] ?? key, what] as const),
      ['↑ ↓', 'go through the list'],
      ['Enter', 'show the vehicle on the map'],
      ['Ctrl + click', 'one more region, or one fewer'],
      ['?', 'these keys'],
    ]);
    listenForKeys([...shortcuts, { key: '?', what: '', run: () => sheet.toggle() }]);
    mountPoint('keys-button').addEventListener('click', () => sheet.toggle());
    onComeback(() => this.#feed.nudge());
  }

  #shortcuts(): Shortcut[] {
    return [
      { key: '/', what: 'search', run: () => this.#search.focus() },
      { key: 'ArrowDown', what: 'to the list', run: () => this.#list.focus() },
      { key: 'f', what: 'follow the selected vehicle', run: () => this.#follow(!this.#isFollowing) },
      { key: 'l', what: 'names on the map', run: () => this.#toggleLabels() },
      { key: 'z', what: 'show the chosen regions whole', run: () => this.#regions.fit() },
      { key: 't', what: 'light or dark', run: () => this.#theme.toggle() },
      { key: 'Escape', what: 'select nothing', run: () => this.#select(null, { reveal: false, pan: false }) },
    ];
  }
}
