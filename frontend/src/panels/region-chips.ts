/** Regions to watch: one chip each, and one for all. */
import type { RegionShape } from '../map/types.ts';
import type { RegionChoice } from '../region-choice.ts';
import { Chips } from './chips.ts';
import { h } from './dom.ts';

const ALL = '';

export interface RegionChipsOptions {
  readonly container: HTMLElement;
  readonly regions: readonly RegionShape[];
  /** Whether the user may see vehicles outside every region as well. */
  readonly everything: boolean;
  onAll(): void;
  onToggle(slug: string): void;
}

export class RegionChips {
  readonly #chips: Chips;

  constructor({ container, regions, everything, onAll, onToggle }: RegionChipsOptions) {
    const all = { key: ALL, label: everything ? 'All' : 'My regions' };
    const hasAll = everything || regions.length > 1;
    const each = regions.map(({ slug, name, colour }) => ({ key: slug, label: name, mark: swatch(colour) }));
    this.#chips = new Chips(container, hasAll ? [all, ...each] : each, (key) =>
      key === ALL ? onAll() : onToggle(key),
    );
  }

  show(choice: RegionChoice): void {
    this.#chips.press(choice === 'all' ? new Set([ALL]) : choice);
  }
}

export function swatch(colour: string): HTMLElement {
  const element = h('span', { class: 'swatch' });
  element.style.backgroundColor = colour;
  return element;
}
