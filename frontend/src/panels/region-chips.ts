/** Regions to watch: one chip each, and one for all. */
import type { RegionShape } from '../map/types.ts';
import type { RegionChoice } from '../region-choice.ts';
import { t } from '../texts.ts';
import { Chips } from './chips.ts';
import { h } from './dom.ts';

const ALL = '';

export interface RegionChipsOptions {
  readonly container: HTMLElement;
  readonly regions: readonly RegionShape[];
  /** Whether the user may see vehicles outside every region as well. */
  readonly everything: boolean;
  onAll(): void;
  onPick(slug: string): void;
  /** With Ctrl, Command or Shift: one more, or one fewer. */
  onToggle(slug: string): void;
}

export class RegionChips {
  readonly #chips: Chips;
  readonly #keysForAll: ReadonlySet<string>;
  readonly #slugs: readonly string[];

  constructor({ container, regions, everything, onAll, onPick, onToggle }: RegionChipsOptions) {
    const all = { key: ALL, label: everything ? t('All') : t('My regions') };
    this.#slugs = regions.map(({ slug }) => slug);
    const hasAll = everything || regions.length > 1;
    this.#keysForAll = new Set(hasAll ? [ALL] : this.#slugs);
    const each = regions.map(({ slug, name, colour }) => ({ key: slug, label: name, mark: swatch(colour) }));
    this.#chips = new Chips(container, hasAll ? [all, ...each] : each, (key, isWithKey) => {
      if (key === ALL) onAll();
      else if (isWithKey) onToggle(key);
      else onPick(key);
    });
  }

  /** How many vehicles are in each, by slug; those left out have no number. */
  count(counts: ReadonlyMap<string, number>): void {
    for (const slug of this.#slugs) this.#chips.count(slug, counts.get(slug) ?? null);
  }

  show(choice: RegionChoice): void {
    this.#chips.press(choice === 'all' ? this.#keysForAll : choice);
  }
}

export function swatch(colour: string): HTMLElement {
  const element = h('span', { class: 'swatch' });
  element.style.backgroundColor = colour;
  return element;
}
