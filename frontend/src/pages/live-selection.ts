/** What is selected: one vehicle, several, or one that is awaited; the card that shows it, and the map that follows it. */
import { type Battery, loadBattery } from '../battery.ts';
import { toggled } from '../choice.ts';
import type { Vehicle } from '../fleet-store.ts';
import { historyHref, momentOf } from '../history/address.ts';
import type { FleetMap } from '../map/types.ts';
import type { PageConfig } from '../page-config.ts';
import { mountPoint } from '../panels/dom.ts';
import { FollowChip } from '../panels/follow-chip.ts';
import { VehicleCard } from '../panels/vehicle-card.ts';
import { loadPreferences, zoneOf } from '../preferences.ts';
import { t } from '../texts.ts';
import type { UrlState } from '../url-state.ts';
import { LiveGroup } from './live-group.ts';
import type { LiveRegions } from './live-regions.ts';
import { offerShares } from './live-shares.ts';
import type { Shown } from './shown-fleet.ts';

export interface LiveSelectionOptions {
  readonly feed: Shown;
  readonly map: FleetMap;
  readonly config: PageConfig;
  readonly regions: LiveRegions;
  /** What the address asked for. */
  readonly asked: UrlState;
  /** These are to be marked wherever they show; with `reveal`, the list scrolls to it. */
  onMark(ids: readonly number[], how: { readonly reveal: boolean }): void;
  /** One vehicle by its slug, or none. */
  onTurn(slug: string | null): void;
  /** Several. */
  onGroup(): void;
  /** Other rooms are to be watched. */
  onWatch(): void;
  say(text: string): void;
}

export class LiveSelection {
  readonly #options: LiveSelectionOptions;
  readonly #zone: string;
  readonly #card: VehicleCard;
  readonly #chip: FollowChip;
  readonly #group: LiveGroup;
  #selected: number | null = null;
  /** Named in the address and not seen yet. */
  #awaitedSlug: string | null;
  /** To the vehicle that is awaited; an address that says where to look is not to be overruled. */
  #isPanAwaited: boolean;
  /** The address leads to the past, which is not shown yet. */
  #isPastAwaited: boolean;
  /** It is shown at first in outline, in which a vehicle may be streets away from where it was. */
  #isArrivalAwaited: boolean;
  #isFollowing = false;
  /** Of the selected vehicle's phone, once it was asked for. */
  #battery: Battery | null = null;

  constructor(options: LiveSelectionOptions) {
    this.#options = options;
    const { asked, config, feed, map, regions } = options;
    this.#zone = zoneOf(loadPreferences(), config.time_zone);
    this.#awaitedSlug = asked.vehicle;
    this.#isPanAwaited = asked.vehicle !== null && asked.view === null;
    this.#isPastAwaited = asked.replay !== null;
    this.#isArrivalAwaited = this.#isPanAwaited && this.#isPastAwaited;
    this.#group = new LiveGroup({
      feed,
      map,
      awaited: asked.group,
      onChoose: (ids) => this.choose(ids),
      onFit: () => this.follow(false),
      say: options.say,
    });
    this.#chip = new FollowChip(mountPoint('map-area'), () => this.follow(false));
    this.#card = new VehicleCard({
      container: mountPoint('vehicle-card'),
      onFollow: () => this.toggleFollow(),
      onShare: offerShares(config, {
        regions,
        selected: () => this.#vehicle,
        serverNowMs: () => feed.liveNowMs,
      }),
      onClose: () => this.select(null, { reveal: false, pan: false }),
    });
  }

  /** Of the selected vehicle, or of the one that is awaited. */
  get slug(): string | null {
    return this.#slug ?? this.#awaitedSlug;
  }

  get groupSlugs(): readonly string[] {
    return this.#group.slugs;
  }

  /** Alone or with others. */
  has(slug: string): boolean {
    return slug === this.slug || this.groupSlugs.includes(slug);
  }

  select(id: number | null, { reveal, pan }: { readonly reveal: boolean; readonly pan: boolean }): void {
    const { map, onMark, onTurn, onWatch } = this.#options;
    if (id !== this.#selected) this.follow(false);
    if (id !== this.#selected) this.#battery = null;
    this.#selected = id;
    this.#awaitedSlug = null;
    this.#isPanAwaited = false;
    this.#group.set([]);
    onMark(id === null ? [] : [id], { reveal });
    this.#showCard();
    onTurn(this.#slug);
    void this.#askForBattery();
    if (id !== null) map[pan ? 'panTo' : 'reveal'](id);
    onWatch();
  }

  /** What the map showed is another; the selected vehicle stays in sight. */
  reveal(): void {
    if (this.#selected !== null) this.#options.map.reveal(this.#selected);
  }

  /** Several together; one alone is selected, none is none. */
  choose(ids: readonly number[]): void {
    this.select(ids.length === 1 ? (ids[0] ?? null) : null, { reveal: false, pan: false });
    if (ids.length < 2) return;
    this.#options.onMark(this.#group.set(ids), { reveal: false });
    this.#options.onGroup();
  }

  /** One more, or one fewer. */
  toggle(id: number): void {
    this.choose(toggled(this.#selected === null ? this.#group.ids : [this.#selected], id));
  }

  /** One that may be outside of the regions that are watched, or those of several that are not. */
  seek(slugs: readonly string[]): void {
    const [slug] = slugs;
    if (slug === undefined) return;
    if (slugs.length === 1) this.#seekOne(slug);
    else this.#seekAll(slugs);
  }

  #seekAll(slugs: readonly string[]): void {
    this.choose(slugs.flatMap((slug) => this.#options.feed.store.find(slug)?.id ?? []));
    this.#group.fit();
  }

  #seekOne(slug: string): void {
    const vehicle = this.#options.feed.store.find(slug);
    if (vehicle !== undefined) {
      this.select(vehicle.id, { reveal: true, pan: true });
      return;
    }
    this.select(null, { reveal: false, pan: false });
    this.#awaitedSlug = slug;
    this.#isPanAwaited = true;
    this.#options.onWatch();
  }

  /** Another fleet is shown, in which the same vehicles have other numbers. */
  turned(slug: string | null, group: readonly string[]): void {
    const { idOf } = this.#options.feed;
    const pan = this.#isPanAwaited;
    const ids = group.flatMap((one) => idOf(one) ?? []);
    const id = slug === null ? null : idOf(slug);
    if (ids.length > 1) this.choose(ids);
    else this.select(id, { reveal: true, pan });
    if (id === null) this.#awaitedSlug = slug;
    this.#isPanAwaited = pan && id === null;
    this.#isPastAwaited = false;
  }

  /** Where everybody was at the moment of the address is known. */
  arrived(): void {
    if (this.#isArrivalAwaited && this.#selected !== null) this.#options.map.panTo(this.#selected);
    this.#isArrivalAwaited = false;
  }

  /** The reader has moved the map. */
  letGo(): void {
    this.#isArrivalAwaited = false;
    this.follow(false);
  }

  /** Whether the room is the selected vehicle's. */
  holds(channel: string): boolean {
    return this.#slug !== null && channel === vehicleRoom(this.#slug);
  }

  /** The room of a vehicle that was awaited may not be watched; says whether it was one. */
  giveUp(channel: string): boolean {
    if (this.#awaitedSlug === null || channel !== vehicleRoom(this.#awaitedSlug)) return false;
    this.#awaitedSlug = null;
    return true;
  }

  follow(isFollowing: boolean): void {
    const id = isFollowing ? this.#selected : null;
    if (this.#isFollowing === (id !== null)) return;
    this.#isFollowing = id !== null;
    this.#options.map.follow(id);
    this.#showCard();
  }

  toggleFollow(): void {
    this.follow(!this.#isFollowing);
  }

  /** Several times a second. */
  tick(): void {
    this.#findAwaited();
    this.#dropLost();
    this.#group.tick();
    this.#showCard();
  }

  get #vehicle(): Vehicle | undefined {
    return this.#selected === null ? undefined : this.#options.feed.store.get(this.#selected);
  }

  get #slug(): string | null {
    return (
      this.#vehicle?.info.slug ?? (this.#selected === null ? null : this.#options.feed.slugOf(this.#selected))
    );
  }

  #showCard(): void {
    const vehicle = this.#vehicle;
    this.#chip.show(this.#isFollowing ? (vehicle?.info.name ?? null) : null);
    this.#card.show(vehicle, {
      battery: this.#battery,
      nowMs: this.#options.feed.serverNowMs,
      isFollowed: this.#isFollowing,
      historyHref: vehicle === undefined ? '' : this.#historyOf(vehicle),
    });
  }

  #historyOf({ info, fixTimeMs }: Vehicle): string {
    const { serverNowMs, past } = this.#options.feed;
    const moment = momentOf({ fixTimeMs, nowMs: serverNowMs, isPast: past !== null }, this.#zone);
    return historyHref(info.slug, moment);
  }

  async #askForBattery(): Promise<void> {
    const id = this.#selected;
    const slug = this.#slug;
    const battery = slug === null ? null : await loadBattery(slug);
    if (id !== this.#selected || battery === null) return;
    this.#battery = battery;
    this.#showCard();
  }

  #findAwaited(): void {
    const vehicle = this.#awaitedSlug === null ? undefined : this.#options.feed.store.find(this.#awaitedSlug);
    if (vehicle === undefined) return;
    const pan = this.#isPanAwaited;
    this.select(vehicle.id, { reveal: true, pan });
    this.#isPanAwaited = pan && this.#isPastAwaited;
  }

  #dropLost(): void {
    const { feed } = this.#options;
    if (this.#selected === null || this.#vehicle !== undefined || feed.past !== null) return;
    this.select(null, { reveal: false, pan: false });
    this.#options.say(t('The selected vehicle left the watched regions.'));
  }
}

export function vehicleRoom(slug: string): string {
  return `vehicle:${slug}`;
}
