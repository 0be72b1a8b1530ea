/** The regions that are watched, the same in chips and map, and the view that shows them whole. */
import { boundsOf, type Point } from '../bounds.ts';
import type { Vehicle } from '../fleet-store.ts';
import type { LiveFeed } from '../live-feed.ts';
import type { FleetMap, RegionShape } from '../map/types.ts';
import type { PageConfig } from '../page-config.ts';
import { RegionChips, rollWithWheel } from '../panels/region-chips.ts';
import { isInPolygon } from '../polygon.ts';
import {
  activeRegions,
  channelsOf,
  knownChoice,
  pickRegion,
  type RegionChoice,
  toggleRegion,
} from '../region-choice.ts';
import { RegionCounts } from '../region-counts.ts';
import { cornersOf, loadRegions } from '../regions.ts';
import { t } from '../texts.ts';

/** Until a mark was heard: none. */
const UNKNOWN = Symbol('unknown');

/** The vehicle that is selected has a channel too. */
const CHANNELS_FOR_OTHERS = 1;

export interface LiveRegionsOptions {
  readonly container: HTMLElement;
  readonly config: PageConfig;
  readonly feed: LiveFeed;
  /** All that are shown. */
  vehicles(): readonly Vehicle[];
  readonly map: FleetMap;
  /** Other channels are to be watched. */
  onChange(): void;
  /** There are others, or they look otherwise. */
  onShapes(): void;
  /** The map is about to show them whole. */
  onFit(): void;
  /** The whole fleet was brought into view, and not where somebody pointed. */
  onFleetFitted(): void;
  say(text: string): void;
}

export class LiveRegions {
  readonly #options: LiveRegionsOptions;
  readonly #counts = new RegionCounts();
  #chips: RegionChips | null = null;
  #shapes: readonly RegionShape[] = [];
  #choice: RegionChoice = 'all';
  #hidden: string | null = null;
  /** The map is to show all vehicles once they are known. */
  #isFitAwaited = false;
  #heard: string | null | typeof UNKNOWN = UNKNOWN;
  /** What was heard last when the regions were asked for. */
  #asked: string | null | typeof UNKNOWN = UNKNOWN;
  /** One question after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LiveRegionsOptions) {
    this.#options = options;
    rollWithWheel(options.container);
  }

  get shapes(): readonly RegionShape[] {
    return this.#shapes;
  }

  get choice(): RegionChoice {
    return this.#choice;
  }

  /** Whether a place lies in what is watched. */
  isWatched(place: Point): boolean {
    const choice = this.#choice;
    if (choice === 'all') return true;
    return this.#shapes.some(({ slug, polygon }) => choice.has(slug) && isInPolygon(polygon, place));
  }

  get isLoaded(): boolean {
    return this.#chips !== null;
  }

  get channels(): readonly string[] {
    if (!this.isLoaded) return [];
    const { everything } = this.#options.config;
    return channelsOf(this.#choice, this.#slugs, { everything, most: this.#most });
  }

  load(asked: readonly string[], { fit }: { readonly fit: boolean }): Promise<void> {
    this.#turn = this.#ask().then(() => {
      this.#makeChips();
      this.#watch(knownChoice(asked, new Set(this.#slugs)), { fit });
    });
    return this.#turn;
  }

  /** The server says which regions there are: ask for them unless these are known. */
  heard(mark: string | null): void {
    this.#heard = mark;
    this.#turn = this.#turn.then(() => (this.#heard === this.#asked ? undefined : this.#renew()));
  }

  /** Somebody here changed them, and the server is about to say so. */
  show(shapes: readonly RegionShape[]): void {
    this.#shapes = shapes;
    this.#makeChips();
    this.#draw();
  }

  /** Is drawn elsewhere: its outline here would be in the way. */
  hide(slug: string | null): void {
    this.#hidden = slug;
    this.#draw();
  }

  async #renew(): Promise<void> {
    const before = JSON.stringify(this.#shapes);
    await this.#ask();
    const isSame = JSON.stringify(this.#shapes) === before;
    if (!isSame) this.#makeChips();
    const choice = this.#choice === 'all' ? [] : [...this.#choice];
    this.#watch(knownChoice(choice, new Set(this.#slugs)), { fit: false });
  }

  async #ask(): Promise<void> {
    this.#asked = this.#heard;
    try {
      this.#shapes = await loadRegions(this.#options.config.regions_url);
    } catch {
      this.#asked = UNKNOWN;
      this.#options.say(t('The regions could not be loaded. Reload the page to try again.'));
    }
  }

  #makeChips(): void {
    const { container, config } = this.#options;
    const focused = [...container.children].findIndex((chip) => chip.matches(':focus'));
    this.#chips = new RegionChips({
      container,
      regions: this.#shapes,
      everything: config.everything,
      onAll: () => this.#watch('all', { fit: true }),
      onPick: (slug) => this.#watch(pickRegion(this.#choice, slug), { fit: true }),
      onToggle: (slug) => this.#watch(toggleRegion(this.#choice, slug, this.#most), { fit: true }),
    });
    this.countAnew();
    this.#options.onShapes();
    if (focused >= 0) (container.children[focused] as HTMLElement | undefined)?.focus();
  }

  /** The chosen regions, or all vehicles: regions may reach far beyond where anybody drives. */
  fit(): void {
    const { map, onFit, vehicles } = this.#options;
    const fleet = vehicles();
    const isFleet = this.#choice === 'all' && fleet.length > 0;
    const active = activeRegions(this.#choice, this.#slugs);
    const chosen = this.#shapes.filter(({ slug }) => active.has(slug));
    const bounds = boundsOf(isFleet ? fleet : cornersOf(chosen));
    if (bounds === null) return;
    onFit();
    map.fit(bounds);
  }

  /** What the map is told too. */
  hear(moved: readonly Vehicle[], removed: readonly number[]): void {
    this.#counts.move(moved);
    this.#counts.remove(removed);
  }

  /** Another fleet is shown, or there are other regions. */
  countAnew(): void {
    this.#counts.restart(this.#shapes, this.#options.vehicles());
  }

  /** Somebody has the map in hand: vehicles that come later do not move it. */
  leaveView(): void {
    this.#isFitAwaited = false;
  }

  /** Once a second. Of a region that is not watched nobody here knows who is in it. */
  count(): void {
    const active = activeRegions(this.#choice, this.#slugs);
    const known = new Map([...this.#counts.counts].filter(([slug]) => active.has(slug)));
    this.#chips?.count(known);
    this.#options.map.countRegions(known);
  }

  tick(): void {
    if (!this.#isFitAwaited || !this.#options.feed.isSettled) return;
    this.#isFitAwaited = false;
    this.fit();
    this.#options.onFleetFitted();
  }

  get #slugs(): readonly string[] {
    return this.#shapes.map(({ slug }) => slug);
  }

  get #most(): number {
    return this.#options.feed.mostChannels - CHANNELS_FOR_OTHERS;
  }

  #watch(choice: RegionChoice, { fit }: { readonly fit: boolean }): void {
    this.#choice = choice;
    this.#draw();
    this.#options.onChange();
    this.#isFitAwaited = choice === 'all' && (fit || this.#isFitAwaited);
    if (fit && choice !== 'all') this.fit();
  }

  #draw(): void {
    const active = this.#choice === 'all' ? new Set<string>() : this.#choice;
    this.#chips?.show(this.#choice);
    this.#options.map.showRegions(
      this.#shapes.filter(({ slug }) => slug !== this.#hidden),
      active,
    );
  }
}
