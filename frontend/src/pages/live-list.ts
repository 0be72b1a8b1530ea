/** The left column of the live page: search, status chips and the list, which show the same filter as the map. */
import { isTimeToArrange } from '../arrange-rule.ts';
import { isWithin } from '../bounds.ts';
import { parseCoordinate } from '../coordinate.ts';
import { makeSearch } from '../fleet-search.ts';
import type { Vehicle } from '../fleet-store.ts';
import { arrange, type Filter, type Matches, matcher, type Order } from '../fleet-view.ts';
import type { DrawStatus, FleetMap, RegionShape } from '../map/types.ts';
import { mountPoint } from '../panels/dom.ts';
import { ListHead } from '../panels/list-head.ts';
import { SearchBox } from '../panels/search-box.ts';
import { StatusChips } from '../panels/status-chips.ts';
import { VehicleList } from '../panels/vehicle-list.ts';
import { t } from '../texts.ts';
import type { LiveDays } from './live-days.ts';
import type { LivePlaces } from './live-places.ts';
import type { Shown } from './shown-fleet.ts';

export interface LiveListOptions {
  readonly feed: Shown;
  readonly map: FleetMap;
  readonly filter: Filter;
  /** Whether the vehicles are made up. */
  readonly isDemo: boolean;
  /** Messages of its driver that nobody has read. */
  unread(slug: string): number;
  readonly days: LiveDays;
  /** Only what the map shows. */
  readonly isInView: boolean;
  readonly order: Order;
  regions(): readonly RegionShape[];
  onPick(id: number): void;
  /** Several together, or none. */
  onChoose(ids: readonly number[]): void;
  readonly places: LivePlaces;
  onFilter(): void;
}

export class LiveList {
  readonly #options: LiveListOptions;
  readonly #search: SearchBox;
  readonly #statusChips: StatusChips;
  readonly #head: ListHead;
  readonly #list: VehicleList;
  #filter: Filter;
  #finder = makeSearch('', []);
  isInView: boolean;
  order: Order;
  #isAsked = true;
  #membership = -1;
  #arrangedAtMs = 0;

  constructor(options: LiveListOptions) {
    this.#options = options;
    this.#filter = options.filter;
    this.isInView = options.isInView;
    this.order = options.order;
    this.#search = new SearchBox({
      container: mountPoint('search'),
      onSearch: (search) => this.#show({ ...this.#filter, search }),
      onGo: () => options.places.go(),
      onFind: () => this.#find(),
      onLeave: () => this.#list.focus(),
    });
    this.#statusChips = new StatusChips(mountPoint('status-chips'), (status) => this.#toggle(status));
    this.#head = new ListHead(mountPoint('list-head'), {
      onOrder: (order) => this.#sort(order),
      onInView: () => this.toggleInView(),
    });
    this.#list = new VehicleList({
      container: mountPoint('vehicle-list'),
      unread: (slug) => options.unread(slug),
      day: (slug) => options.days.of(slug),
      onPick: (id) => options.onPick(id),
      onChoose: (ids) => options.onChoose(ids),
      onHover: (id) => options.map.lift(id),
    });
  }

  get filter(): Filter {
    return this.#filter;
  }

  start(): void {
    this.#search.show(this.#filter.search);
    this.#show(this.#filter);
  }

  focus(): void {
    this.#list.focus();
  }

  search(): void {
    this.#search.focus();
  }

  /** Who went to a place wants to see all that is there. */
  endSearch(): void {
    this.#search.show('');
    this.#show({ ...this.#filter, search: '' });
  }

  /** With `reveal`, scrolls to the row. */
  select(ids: readonly number[], { reveal }: { readonly reveal: boolean }): void {
    this.#list.select(ids, { reveal });
  }

  /** Marks the row of a vehicle that is pointed at on the map. */
  hover(id: number | null): void {
    this.#list.hover(id);
  }

  /** Those that the filter shows and the map has in view. */
  inView(): readonly Vehicle[] {
    return this.#options.feed.store.byName().filter(this.#matchesInView());
  }

  toggleInView(): void {
    this.isInView = !this.isInView;
    this.#show(this.#filter);
  }

  /** The map shows something else. */
  viewChanged(): void {
    this.#isAsked ||= this.isInView;
  }

  /** Regions are known, or others. */
  regionsChanged(): void {
    if (this.#filter.search !== '') this.#show(this.#filter);
  }

  /** Another fleet is shown, the live one or the past. */
  turned(): void {
    this.#isAsked = true;
    this.refresh();
  }

  /** Once a second. */
  lookAtDays(): void {
    const slugs = this.#list.inSight().map(({ info }) => info.slug);
    this.#options.days.look(slugs, this.#options.feed.serverNowMs);
  }

  refresh(): void {
    const { store, serverNowMs } = this.#options.feed;
    const facts = {
      nowMs: Date.now(),
      arrangedAtMs: this.#arrangedAtMs,
      isAsked: this.#isAsked,
      hasNewMembers: store.membership !== this.#membership,
      isHeld: this.#list.isHeld,
    };
    if (isTimeToArrange(facts)) this.#arrange(facts.nowMs);
    this.#statusChips.count(store.counts);
    this.#list.refresh(serverNowMs);
  }

  #show(filter: Filter): void {
    this.#filter = filter;
    const isPlace = parseCoordinate(filter.search) !== null;
    this.#finder = makeSearch(isPlace ? '' : filter.search, this.#options.regions());
    const matches = this.#matches;
    const { map, feed, onFilter } = this.#options;
    map.setFilter(
      matches === undefined
        ? null
        : (id) => {
            const vehicle = feed.store.get(id);
            return vehicle !== undefined && matches(vehicle);
          },
    );
    this.#options.places.search(filter.search);
    this.#statusChips.press(filter.statuses);
    this.#head.press(this.isInView, this.order);
    this.#isAsked = true;
    this.refresh();
    onFilter();
  }

  /** Who searched nothing goes through the list. */
  #find(): void {
    this.#list.focus();
    if (this.#filter.search !== '') this.#list.pickMeant(this.#filter.search);
  }

  #toggle(status: DrawStatus): void {
    const statuses = new Set(this.#filter.statuses);
    if (!statuses.delete(status)) statuses.add(status);
    this.#show({ ...this.#filter, statuses });
  }

  #sort(order: Order): void {
    this.order = order;
    this.#isAsked = true;
    this.refresh();
    this.#options.onFilter();
  }

  #arrange(nowMs: number): void {
    const { feed, unread } = this.#options;
    const { store } = feed;
    const isWaiting = ({ info }: { readonly info: { readonly slug: string } }) => unread(info.slug) > 0;
    const matches = this.isInView ? this.#matchesInView() : this.#matches;
    const vehicles = arrange(store.byName(), matches, this.order, isWaiting);
    this.#list.arrange(vehicles, this.#finder, store.size === 0 ? this.#emptyText : t('No vehicle matches.'));
    this.#head.show(vehicles.length, store.size);
    this.#membership = store.membership;
    this.#arrangedAtMs = nowMs;
    this.#isAsked = false;
  }

  get #matches(): Matches | undefined {
    return matcher(this.#finder, this.#filter.statuses);
  }

  #matchesInView(): Matches {
    const bounds = this.#options.map.bounds();
    const matches = this.#matches ?? (() => true);
    return (vehicle) => isWithin(bounds, vehicle) && matches(vehicle);
  }

  get #emptyText(): string {
    if (this.#options.feed.report().level === 'ended') return t('Nothing to show any more.');
    return this.#options.isDemo
      ? t('No vehicles here yet. “manage.py simulate” sends the demo fleet out.')
      : t('No vehicles here yet.');
  }
}
