/** Asks for the days of the vehicles in sight, many at once and seldom. */
import { DayBook, type DayStrip, readDays } from '../day-book.ts';
import { dayOf } from '../history/zone.ts';

export interface LiveDaysOptions {
  readonly fleetUrl: string;
  readonly zone: string;
}

export class LiveDays {
  readonly #options: LiveDaysOptions;
  readonly #book = new DayBook();
  #isAsking = false;

  constructor(options: LiveDaysOptions) {
    this.#options = options;
  }

  of(slug: string): DayStrip | null {
    return this.#book.of(slug);
  }

  /** Once a second, with the slugs of the rows in sight; `shownMs` is the moment that the page shows. */
  look(slugs: readonly string[], shownMs: number): void {
    if (this.#isAsking || document.hidden) return;
    const day = dayOf(shownMs, this.#options.zone);
    const wanted = this.#book.wanted(slugs, day, Date.now());
    if (wanted.length > 0) void this.#ask(wanted, day);
  }

  /** What does not come is asked for again later: the list says the rest without it. */
  async #ask(slugs: readonly string[], day: string): Promise<void> {
    const { fleetUrl, zone } = this.#options;
    const query = new URLSearchParams({ vehicles: slugs.toSorted().join(','), day, tz: zone });
    this.#isAsking = true;
    try {
      const response = await fetch(`${fleetUrl}/days?${query}`);
      if (response.ok) this.#book.put(day, readDays(await response.json()));
    } catch {
      // Without network there is more to tell than this.
    } finally {
      this.#isAsking = false;
    }
  }
}
