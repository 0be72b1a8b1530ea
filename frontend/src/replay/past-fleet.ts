/** The fleet as it was: the same store as the live one, filled from the archive for one moment after the other. No DOM. */
import type { Point } from '../bounds.ts';
import { FleetStore } from '../fleet-store.ts';
import type { TrailPoint } from '../map/types.ts';
import type { Row, VehicleInfo } from '../protocol.ts';
import type { AgeLimits } from '../status.ts';
import type { Archive } from './archive.ts';

const CHANNEL = 'past';
/** As the live protocol counts. */
const ALARM = 4;
/** Until anybody says how it is called. */
const NAMELESS = { plate: '', kind: '', colour: '' };

export interface PastFleetOptions {
  readonly archive: Archive;
  /** As far as it is known. */
  infoOf(slug: string): VehicleInfo | undefined;
  /** Whether a vehicle is to be seen where it was. */
  isShown(slug: string, place: Point): boolean;
  /** Whether it had an alert that nobody had noted. */
  isAlarmed(slug: string, timeMs: number): boolean;
}

export class PastFleet {
  readonly store = new FleetStore();
  readonly #options: PastFleetOptions;
  readonly #ids = new Map<string, number>();
  readonly #slugs: string[] = [];
  nowMs = 0;

  constructor(options: PastFleetOptions, limits: AgeLimits) {
    this.#options = options;
    this.store.setLimits(limits);
  }

  /** The vehicle has this number as long as the past is shown, known then or not. */
  idOf(slug: string): number {
    const known = this.#ids.get(slug);
    if (known !== undefined) return known;
    const id = this.#slugs.push(slug);
    this.#ids.set(slug, id);
    return id;
  }

  slugOf(id: number): string | null {
    return this.#slugs[id - 1] ?? null;
  }

  show(timeMs: number): void {
    this.nowMs = timeMs;
    const { archive, infoOf } = this.#options;
    const all = archive.slugsAt(timeMs).map((slug) => this.#rowOf(slug, timeMs));
    const rows = all.filter((row) => row !== null);
    const fresh = rows.filter(([id]) => this.#isUnnamed(id));
    const vehicles = Object.fromEntries(
      fresh.map(([id]) => {
        const slug = this.slugOf(id) ?? '';
        return [id, infoOf(slug) ?? { slug, name: slug, ...NAMELESS }];
      }),
    );
    const frame = { type: 'snapshot', seq: 0, channel: CHANNEL, cursor: '', part: 1, parts: 1 } as const;
    this.store.apply({ ...frame, rows, vehicles }, timeMs);
  }

  trailOf(id: number, spanMs: number): readonly TrailPoint[] {
    const [slug, vehicle] = [this.slugOf(id), this.store.get(id)];
    if (slug === null || vehicle === undefined) return [];
    const { lat, lon } = vehicle;
    const points = this.#options.archive.trailOf(slug, [this.nowMs - spanMs, this.nowMs]);
    const isOnItsWay = points.length > 0 && vehicle.speedMps !== null;
    return isOnItsWay ? [...points, { timeMs: this.nowMs, lat, lon, speedMps: null }] : points;
  }

  #rowOf(slug: string, timeMs: number): Row | null {
    const { archive, isShown, isAlarmed } = this.#options;
    const place = archive.placeOf(slug, timeMs);
    if (place === null || !isShown(slug, place)) return null;
    const { fixMs, lat, lon, speedMps, courseDeg, status } = place;
    const shown = isAlarmed(slug, timeMs) ? ALARM : status;
    return [this.idOf(slug), fixMs, lat, lon, speedMps, courseDeg, shown];
  }

  #isUnnamed(id: number): boolean {
    const vehicle = this.store.get(id);
    return vehicle === undefined || vehicle.info.name === vehicle.info.slug;
  }
}
