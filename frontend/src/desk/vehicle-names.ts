/** What vehicles are called that happenings name by their slugs; those that are not in the regions that are watched are asked for. */

interface Named {
  readonly slug: string;
  readonly name: string;
}

export class VehicleNames {
  readonly #load: () => Promise<readonly Named[]>;
  readonly #known = new Map<string, string>();
  #isAsked = false;

  /** `load` gives all whom the reader may see. */
  constructor(load: () => Promise<readonly Named[]>) {
    this.#load = load;
  }

  learn({ slug, name }: Named): void {
    this.#known.set(slug, name);
  }

  find(slug: string): string | null {
    return this.#known.get(slug) ?? null;
  }

  /** At most once: who is not found then is gone. */
  ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    void this.#load().then(
      (all) => {
        for (const one of all) this.learn(one);
      },
      () => undefined,
    );
  }
}
