/** Places that the search box leads to: a coordinate, regions and streets. */

import { boundsOf } from '../bounds.ts';
import { parseCoordinate } from '../coordinate.ts';
import { positionText } from '../format.ts';
import type { FleetMap, Place, RegionShape } from '../map/types.ts';
import { mountPoint } from '../panels/dom.ts';
import { type PlaceHint, PlaceHints } from '../panels/place-hints.ts';
import { cornersOf } from '../regions.ts';

const MOST_HINTS = 4;
/** Fewer letters begin too many streets. */
const STREET_LETTERS = 3;

export interface LivePlacesOptions {
  readonly map: FleetMap;
  regions(): readonly RegionShape[];
  /** The map is about to show something else. */
  onGo(): void;
}

export class LivePlaces {
  readonly #options: LivePlacesOptions;
  readonly #hints = new PlaceHints(mountPoint('places'));
  #streets: readonly Place[] = [];
  #areStreetsAsked = false;
  #text = '';

  constructor(options: LivePlacesOptions) {
    this.#options = options;
  }

  search(text: string): void {
    this.#text = text.trim().toLowerCase();
    if (this.#text.length >= STREET_LETTERS) void this.#loadStreets();
    this.#show();
  }

  /** Enter: where a coordinate was typed; says whether it was one. */
  go(): boolean {
    const [hint] = this.#coordinate();
    hint?.go();
    return hint !== undefined;
  }

  #show(): void {
    const hints = [...this.#coordinate(), ...this.#regions(), ...this.#found()];
    this.#hints.show(hints.slice(0, MOST_HINTS));
  }

  #coordinate(): readonly PlaceHint[] {
    const place = parseCoordinate(this.#text);
    if (place === null) return [];
    const label = positionText(place.lat, place.lon);
    return [{ label, kind: 'coordinate', go: () => this.#goTo(place) }];
  }

  #regions(): readonly PlaceHint[] {
    if (this.#text === '') return [];
    const named = this.#options.regions().filter(({ name }) => name.toLowerCase().includes(this.#text));
    return named.map((shape) => ({ label: shape.name, kind: 'region', go: () => this.#fit(shape) }));
  }

  /** Those that begin so first. */
  #found(): readonly PlaceHint[] {
    if (this.#text.length < STREET_LETTERS) return [];
    const named = this.#streets.filter(({ name }) => name.toLowerCase().startsWith(this.#text));
    return named.map((place) => ({ label: place.name, kind: 'street', go: () => this.#goTo(place) }));
  }

  #goTo(place: { readonly lat: number; readonly lon: number }): void {
    this.#options.onGo();
    this.#options.map.goTo(place);
  }

  #fit(shape: RegionShape): void {
    const bounds = boundsOf(cornersOf([shape]));
    if (bounds === null) return;
    this.#options.onGo();
    this.#options.map.fit(bounds);
  }

  async #loadStreets(): Promise<void> {
    if (this.#areStreetsAsked) return;
    this.#areStreetsAsked = true;
    this.#streets = await this.#options.map.places().catch(() => []);
    this.#show();
  }
}
