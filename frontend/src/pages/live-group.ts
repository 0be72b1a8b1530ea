/** Several vehicles selected together: their card, their marks on the map, and all of them in view. */
import { boundsOf } from '../bounds.ts';
import { MOST_CHOSEN } from '../choice.ts';
import type { Vehicle } from '../fleet-store.ts';
import type { FleetMap } from '../map/types.ts';
import { mountPoint } from '../panels/dom.ts';
import { GroupCard } from '../panels/group-card.ts';
import { t } from '../texts.ts';
import type { Shown } from './shown-fleet.ts';

/** Then those that have not come will not. */
const PATIENCE_TICKS = 20;

export interface LiveGroupOptions {
  readonly feed: Shown;
  readonly map: FleetMap;
  /** Named in the address. */
  readonly awaited: readonly string[];
  onChoose(ids: readonly number[]): void;
  /** The map is about to show them whole. */
  onFit(): void;
  say(text: string): void;
}

export class LiveGroup {
  readonly #options: LiveGroupOptions;
  readonly #card: GroupCard;
  #awaited: readonly string[];
  #slugs: readonly string[] = [];
  #patience = PATIENCE_TICKS;
  /** Empty, or two and more. */
  ids: readonly number[] = [];

  constructor(options: LiveGroupOptions) {
    this.#options = options;
    this.#awaited = options.awaited;
    this.#card = new GroupCard({
      container: mountPoint('vehicle-card'),
      onFit: () => this.fit(),
      onClose: () => options.onChoose([]),
    });
  }

  get slugs(): readonly string[] {
    return this.#awaited.length > 0 ? this.#awaited : this.#slugs;
  }

  /** Gives as many as may be. */
  set(ids: readonly number[]): readonly number[] {
    if (ids.length > MOST_CHOSEN)
      this.#options.say(t('At most {count} vehicles are selected together.', { count: MOST_CHOSEN }));
    this.ids = ids.slice(0, MOST_CHOSEN);
    this.#awaited = [];
    this.#slugs = this.#vehicles.map(({ info }) => info.slug);
    this.#show();
    return this.ids;
  }

  fit(): void {
    const bounds = boundsOf(this.#vehicles);
    if (bounds === null) return;
    this.#options.onFit();
    this.#options.map.fit(bounds);
  }

  /** Several times a second. */
  tick(): void {
    if (this.#awaited.length > 0) this.#findAwaited();
    else if (this.#options.feed.past === null && this.#vehicles.length < this.ids.length)
      this.#options.onChoose(this.#vehicles.map(({ id }) => id));
    else this.#show();
  }

  /** A large fleet comes in parts. */
  #findAwaited(): void {
    const { feed, onChoose } = this.#options;
    const found = this.#awaited.flatMap((slug) => feed.store.find(slug)?.id ?? []);
    if (feed.store.size > 0 && feed.isSettled) this.#patience -= 1;
    if (found.length === this.#awaited.length || this.#patience === 0) onChoose(found);
  }

  get #vehicles(): readonly Vehicle[] {
    return this.ids.flatMap((id) => this.#options.feed.store.get(id) ?? []);
  }

  #show(): void {
    if (this.ids.length === 0) this.#card.hide();
    else this.#card.show(this.#vehicles, this.#options.feed.serverNowMs);
  }
}
