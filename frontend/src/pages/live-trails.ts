/** Whose recent way the map shows: that of selected vehicles, and when asked of all in view, if they are few. */
import type { Vehicle } from '../fleet-store.ts';
import type { LiveFeed } from '../live-feed.ts';
import type { FleetMap } from '../map/types.ts';
import { mountPoint } from '../panels/dom.ts';
import { TrailLegend } from '../panels/trail-legend.ts';
import { PastTrails } from '../replay/past-trails.ts';
import { t } from '../texts.ts';
import { loadTrail } from '../trails/load-trail.ts';
import { TrailBook } from '../trails/trail-book.ts';
import type { Shown } from './shown-fleet.ts';

/** More would be a tangle. */
const MOST_TRAILS = 30;

export interface LiveTrailsOptions {
  /** Where trails go on from, whatever is shown. */
  readonly feed: LiveFeed;
  readonly shown: Shown;
  readonly map: FleetMap;
  readonly vehiclesUrl: string;
  readonly isAll: boolean;
  /** Those that the map shows now. */
  inView(): readonly Vehicle[];
  onChange(): void;
}

export class LiveTrails {
  readonly #options: LiveTrailsOptions;
  readonly #book = new TrailBook();
  readonly #legend = new TrailLegend(mountPoint('map-area'));
  #past = new PastTrails();
  readonly #waiting: number[] = [];
  #selected: readonly number[] = [];
  #isLoading = false;
  #isTooMany = false;
  isAll: boolean;

  constructor(options: LiveTrailsOptions) {
    this.#options = options;
    this.isAll = options.isAll;
  }

  select(ids: readonly number[]): void {
    this.#selected = ids.slice(0, MOST_TRAILS);
    this.tick();
  }

  toggleAll(): void {
    this.isAll = !this.isAll;
    this.tick();
    this.#options.onChange();
  }

  hear(moved: readonly Vehicle[]): void {
    if (this.#book.size === 0) return;
    for (const vehicle of moved) this.#book.hear(vehicle.id, pointOf(vehicle));
  }

  /** Several times a second. */
  tick(): void {
    const inView = this.isAll ? this.#options.inView() : [];
    this.#isTooMany = inView.length > MOST_TRAILS;
    const all = this.#isTooMany ? [] : inView.map(({ id }) => id);
    const hasWay = this.#show(new Set([...this.#selected, ...all]));
    const note = this.#isTooMany
      ? t('Trails of all are for up to {count} in view: zoom in', { count: MOST_TRAILS })
      : '';
    this.#legend.show({ isShown: hasWay || this.#isTooMany, note });
  }

  /** Another fleet is shown, the live one or the past. */
  turned(): void {
    this.#past = new PastTrails();
    this.#book.repeat();
  }

  /** Says whether there is a line. While the past is shown the live ones only go on being heard. */
  #show(ids: ReadonlySet<number>): boolean {
    const { map, shown } = this.#options;
    if (shown.past !== null) {
      map.showTrails(this.#past.changes(ids, shown.past));
      return this.#past.hasWay;
    }
    this.#waiting.push(...this.#book.keep(ids));
    void this.#loadWaiting();
    map.showTrails(this.#book.takeChanges());
    return this.#book.hasWay;
  }

  /** One after the other; a vehicle whose past cannot be had gets a trail from now on. */
  async #loadWaiting(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    for (let id = this.#waiting.shift(); id !== undefined; id = this.#waiting.shift()) await this.#load(id);
    this.#isLoading = false;
  }

  async #load(id: number): Promise<void> {
    const { feed, vehiclesUrl } = this.#options;
    const vehicle = feed.store.get(id);
    if (vehicle === undefined) return;
    this.#book.hear(id, pointOf(vehicle));
    const points = await loadTrail(vehiclesUrl, vehicle.info.slug, feed.serverNowMs).catch(() => []);
    this.#book.fill(id, points);
  }
}

function pointOf({ fixTimeMs, lat, lon, speedMps }: Vehicle) {
  return { timeMs: fixTimeMs, lat, lon, speedMps };
}
