/** Regions to watch: one chip each, and one for all. */
import type { RegionShape } from '../map/types.ts';
import type { RegionChoice } from '../region-choice.ts';
import { t } from '../texts.ts';
import { Chips } from './chips.ts';
import { h } from './dom.ts';

const ALL = '';
/** Some browsers count a wheel in lines. */
const LINE_PX = 16;

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
  readonly #container: HTMLElement;
  #shown: string | null = null;
  /** Where what was chosen stood when it was brought into sight, and where that left the line. */
  #revealed = '';
  #leftAt = '';

  constructor({ container, regions, everything, onAll, onPick, onToggle }: RegionChipsOptions) {
    const all = { key: ALL, label: everything ? t('All') : t('My regions') };
    this.#container = container;
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
    this.#reveal();
  }

  /** In one line, what was chosen comes into sight. */
  show(choice: RegionChoice): void {
    this.#chips.press(choice === 'all' ? this.#keysForAll : choice);
    const shown = choice === 'all' ? ALL : [...choice].join();
    if (shown !== this.#shown) this.#revealed = '';
    this.#shown = shown;
    this.#reveal();
  }

  /** Again when its place in the line has changed, as by counts; whoever scrolls on by hand stays there. */
  #reveal(): void {
    const pressed = this.#container.querySelector<HTMLElement>('[aria-pressed="true"]');
    if (pressed === null) return;
    const place = [pressed.offsetLeft, pressed.offsetWidth, this.#container.clientWidth].join();
    const isMovedByHand = this.#revealed !== '' && this.#scrolledTo() !== this.#leftAt;
    if (place === this.#revealed || isMovedByHand) return;
    this.#revealed = place;
    pressed.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#leftAt = this.#scrolledTo();
  }

  #scrolledTo(): string {
    return `${this.#container.scrollLeft},${this.#container.scrollTop}`;
  }
}

/** A line that is longer than its place moves under the wheel of a mouse, too. */
export function rollWithWheel(line: HTMLElement): void {
  const roll = (event: WheelEvent): void => {
    const { ctrlKey, deltaMode, deltaX, deltaY } = event;
    if (ctrlKey || deltaX !== 0 || line.scrollWidth <= line.clientWidth) return;
    line.scrollLeft += deltaMode === WheelEvent.DOM_DELTA_LINE ? deltaY * LINE_PX : deltaY;
    event.preventDefault();
  };
  line.addEventListener('wheel', roll, { passive: false });
}

export function swatch(colour: string): HTMLElement {
  const element = h('span', { class: 'swatch' });
  element.style.backgroundColor = colour;
  return element;
}
