/** Who was here: a place and two times, and the vehicles that were there, kept the same on map, in list and address. */
import { boundsOf } from '../bounds.ts';
import { loadVehicles } from '../history/load.ts';
import { PlaceMap } from '../map/place-map.ts';
import type { Bounds, RegionShape } from '../map/types.ts';
import type { PageConfig } from '../page-config.ts';
import { h, mountPoint } from '../panels/dom.ts';
import { HistoryState } from '../panels/history-state.ts';
import { PlacePicker } from '../panels/place-picker.ts';
import { SettingsSheet } from '../panels/settings-sheet.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { visitorList } from '../panels/visitor-list.ts';
import { cornersOf, loadRegions } from '../regions.ts';
import { counted, t } from '../texts.ts';
import {
  boxOf,
  formatVisitsAddress,
  type Place,
  parseVisitsAddress,
  type VisitsAddress,
} from '../visits/address.ts';
import { loadVisitors, type Visitors } from '../visits/stays.ts';

/** Browsers limit how often an address may change. */
const REMEMBER_AFTER_MS = 400;

export class VisitsPage {
  readonly #config: PageConfig;
  readonly #zone: string;
  readonly #map: PlaceMap;
  readonly #picker: PlacePicker;
  readonly #state = new HistoryState(mountPoint('state'));
  readonly #list = mountPoint('visitors');
  readonly #settings: SettingsSheet;
  #asked: VisitsAddress;
  #regions: readonly RegionShape[] = [];
  /** By slug; the list waits for them. */
  #names: Promise<ReadonlyMap<string, string>> = Promise.resolve(new Map());
  #isMapInHand = false;
  #isDrawing = false;
  /** A late answer to an old one is dropped. */
  #loads = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(config: PageConfig, zone: string) {
    this.#config = config;
    this.#zone = zone;
    this.#asked = parseVisitsAddress(location.search, Date.now());
    const theme = new ThemeSwitch(mountPoint('theme-button'), (name) => this.#map.setTheme(name));
    this.#map = new PlaceMap({
      container: mountPoint('map'),
      theme: theme.theme,
      ...(config.tile_url ? { tileUrl: config.tile_url, tileAttribution: config.tile_attribution } : {}),
      onRegion: (slug) => this.#turnTo({ place: { kind: 'region', slug } }),
      onBox: (bounds) => this.#chooseBox(bounds),
      onViewChange: () => this.#rememberSoon(),
      onHand: () => {
        this.#isMapInHand = true;
      },
      onDrawn: () => this.#showDrawing(false),
    });
    this.#picker = new PlacePicker({
      container: mountPoint('place-picker'),
      zone,
      onRegion: (slug) => this.#turnTo({ place: { kind: 'region', slug } }, { isFitted: true }),
      onDraw: () => this.#draw(!this.#isDrawing),
      onView: () => this.#chooseBox(this.#map.bounds()),
      onTimes: (fromMs, toMs) => this.#turnTo({ fromMs, toMs }),
    });
    this.#settings = new SettingsSheet({ fleetZone: config.time_zone, onFormats: () => location.reload() });
    this.#listen();
  }

  async start(): Promise<void> {
    if (this.#asked.view !== null) this.#map.setView(this.#asked.view);
    this.#names = this.#loadNames();
    this.#show();
    void this.#load();
    this.#regions = await loadRegions(this.#config.regions_url).catch(() => []);
    this.#picker.offer(this.#regions);
    this.#showRegions();
    if (this.#asked.view === null && !this.#isMapInHand) this.#fit();
  }

  #listen(): void {
    mountPoint('settings-button').addEventListener('click', () => this.#settings.open());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#isDrawing) this.#draw(false);
    });
    window.addEventListener('popstate', () => {
      this.#asked = parseVisitsAddress(location.search, Date.now());
      if (this.#asked.view !== null) this.#map.setView(this.#asked.view);
      this.#show();
      void this.#load();
    });
  }

  // Where and when ---------------------------------------------------------------------------------------------------

  #chooseBox(bounds: Bounds): void {
    const box = boxOf(bounds);
    if (box !== null) this.#turnTo({ place: { kind: 'box', bounds: box } });
  }

  #turnTo(
    change: Partial<Pick<VisitsAddress, 'place' | 'fromMs' | 'toMs'>>,
    { isFitted }: { readonly isFitted: boolean } = { isFitted: false },
  ): void {
    this.#asked = { ...this.#asked, ...change };
    this.#draw(false);
    if (isFitted) this.#fit();
    clearTimeout(this.#timer);
    history.pushState(null, '', this.#address());
    this.#show();
    void this.#load();
  }

  #draw(isOn: boolean): void {
    this.#map.draw(isOn);
    this.#showDrawing(isOn);
    if (!isOn) this.#showBox();
  }

  #showDrawing(isOn: boolean): void {
    this.#isDrawing = isOn;
    this.#picker.showDrawing(isOn);
  }

  #fit(): void {
    const { place } = this.#asked;
    const shown =
      place?.kind === 'region' ? this.#regions.filter(({ slug }) => slug === place.slug) : this.#regions;
    const bounds = place?.kind === 'box' ? place.bounds : boundsOf(cornersOf(shown));
    if (bounds !== null) this.#map.fit(bounds);
  }

  #show(): void {
    this.#picker.show(this.#asked);
    this.#showRegions();
    this.#showBox();
  }

  #showRegions(): void {
    const { place } = this.#asked;
    this.#map.showRegions(this.#regions, place?.kind === 'region' ? place.slug : null);
  }

  #showBox(): void {
    const { place } = this.#asked;
    this.#map.showBox(place?.kind === 'box' ? place.bounds : null);
  }

  // Who --------------------------------------------------------------------------------------------------------------

  async #load(): Promise<void> {
    const { place, fromMs, toMs } = this.#asked;
    const load = ++this.#loads;
    if (place === null) {
      this.#list.replaceChildren();
      this.#state.say(t('Choose a region, in the list or on the map, or a box.'));
      return;
    }
    this.#state.say(t('Loading …'));
    try {
      const found = await loadVisitors({ place, fromMs, toMs, nowMs: Date.now() });
      const names = await this.#names;
      if (load === this.#loads) this.#showVisitors(place, found, names);
    } catch (error) {
      if (load !== this.#loads) return;
      this.#list.replaceChildren();
      this.#state.complain(error instanceof Error ? error.message : String(error));
    }
  }

  async #loadNames(): Promise<ReadonlyMap<string, string>> {
    const vehicles = await loadVehicles(this.#config.vehicles_url).catch(() => []);
    return new Map(vehicles.map(({ slug, name }) => [slug, name]));
  }

  #showVisitors(place: Place, { visitors, hasMore }: Visitors, names: ReadonlyMap<string, string>): void {
    const none =
      place.kind === 'box' ? t('Nobody was in the box then.') : t('Nobody was in the region then.');
    const lines = [
      ...(visitors.length === 0 ? [none] : [counted('{count} vehicle', '{count} vehicles', visitors.length)]),
      ...(hasMore ? [t('There are more stays; ask for a shorter time to see all.')] : []),
      ...(this.#config.everything ? [] : [t('You see what happened in your regions.')]),
    ];
    this.#state.say(...lines);
    const list = visitorList(visitors, {
      zone: this.#zone,
      nameOf: (slug) => names.get(slug) ?? slug,
      view: () => this.#map.view(),
    });
    this.#list.replaceChildren(visitors.length === 0 ? h('p') : list);
  }

  // The address ------------------------------------------------------------------------------------------------------

  #address(): string {
    return location.pathname + formatVisitsAddress({ ...this.#asked, view: this.#map.view() });
  }

  #rememberSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => history.replaceState(null, '', this.#address()), REMEMBER_AFTER_MS);
  }
}
