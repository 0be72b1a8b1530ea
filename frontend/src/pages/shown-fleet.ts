/** The fleet that the page shows: the live one, or that of a past moment; and the map, which has to know of it at once. */
import type { FleetStore, Vehicle } from '../fleet-store.ts';
import type { FeedReport, LiveFeed } from '../live-feed.ts';
import type { FleetMap } from '../map/types.ts';
import type { PastFleet } from '../replay/past-fleet.ts';

/** What list, selection and trails need of it. */
export interface Shown {
  readonly store: FleetStore;
  /** Live: by the server's clock. */
  readonly serverNowMs: number;
  readonly liveNowMs: number;
  readonly isSettled: boolean;
  readonly past: PastFleet | null;
  report(): FeedReport;
  /** Null: nobody is called so. In the past also of who is not seen just now. */
  readonly idOf: (slug: string) => number | null;
  readonly slugOf: (id: number) => string | null;
}

/** Who has to know at once beside the map. */
export interface ShownListener {
  changed(moved: readonly Vehicle[], removed: readonly number[]): void;
  /** Another fleet is shown. */
  turned(): void;
}

export class ShownFleet implements Shown {
  readonly #feed: LiveFeed;
  readonly #map: FleetMap;
  readonly #listener: ShownListener;
  /** The membership of the fleet whose names the map was told. */
  #named = -1;
  past: PastFleet | null = null;
  /** Since it was asked last. */
  #isChanged = true;

  constructor(feed: LiveFeed, map: FleetMap, listener: ShownListener) {
    this.#feed = feed;
    this.#map = map;
    this.#listener = listener;
  }

  get store(): FleetStore {
    return this.past?.store ?? this.#feed.store;
  }

  get serverNowMs(): number {
    return this.past?.nowMs ?? this.#feed.serverNowMs;
  }

  get liveNowMs(): number {
    return this.#feed.serverNowMs;
  }

  readonly idOf = (slug: string): number | null => this.past?.idOf(slug) ?? this.store.find(slug)?.id ?? null;

  readonly slugOf = (id: number): string | null =>
    this.store.get(id)?.info.slug ?? this.past?.slugOf(id) ?? null;

  get isSettled(): boolean {
    return this.#feed.isSettled;
  }

  report(): FeedReport {
    return this.#feed.report();
  }

  takeChanged(): boolean {
    const was = this.#isChanged;
    this.#isChanged = false;
    return was;
  }

  /** Null: live again, where everybody is now. */
  turn(past: PastFleet | null): void {
    this.past = past;
    this.#map.clear();
    this.store.takeChanges();
    this.#map.put(this.store.byName());
    this.noteNewcomers();
    this.#listener.turned();
    this.#isChanged = true;
  }

  /** The past is another moment. */
  moved(): void {
    if (this.past !== null) this.#tell(this.past.store, (moved) => this.#map.put(moved));
  }

  /** After every live frame; while the past is shown the map hears nothing of it. */
  passOn(hear: (moved: readonly Vehicle[]) => void): void {
    if (this.past !== null) hear(this.#feed.store.takeChanges().moved);
    else {
      this.#tell(this.#feed.store, (moved) => {
        this.#map.update(moved);
        hear(moved);
      });
    }
  }

  noteNewcomers(): void {
    const { membership } = this.store;
    if (membership !== this.#named) this.#map.renamed();
    this.#named = membership;
  }

  #tell(store: FleetStore, move: (moved: readonly Vehicle[]) => void): void {
    const { moved, restyled, removed } = store.takeChanges();
    if (moved.length > 0) move(moved);
    for (const { id, status } of restyled) this.#map.restyle(id, status);
    if (removed.length > 0) this.#map.remove(removed);
    this.#listener.changed(moved, removed);
    this.#isChanged ||= moved.length + restyled.length + removed.length > 0;
  }
}
