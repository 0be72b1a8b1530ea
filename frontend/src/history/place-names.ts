/** Places by the names of the regions in which they lie. */
import type { RegionShape } from '../map/types.ts';
import { isInPolygon } from '../polygon.ts';
import { loadRegions } from '../regions.ts';

export class PlaceNames {
  readonly #regionsUrl: string;
  #regions: readonly RegionShape[] = [];

  constructor(regionsUrl: string) {
    this.#regionsUrl = regionsUrl;
  }

  /** Once; without regions places are coordinates. */
  async load(): Promise<void> {
    if (this.#regions.length === 0) this.#regions = await loadRegions(this.#regionsUrl).catch(() => []);
  }

  nameOf(place: { lat: number; lon: number }): string | null {
    return this.#regions.find(({ polygon }) => isInPolygon(polygon, place))?.name ?? null;
  }
}
