/** The right column: open or closed as the reader left it, and open while a vehicle is looked at. */

import { counted, t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { icon } from './icons.ts';

const STORAGE_KEY = 'fleet-side';
/** Narrower screens keep what they have for the map. */
const WIDE = '(min-width: 1200px)';

export class SideColumn {
  readonly #column: HTMLElement;
  readonly #button: HTMLElement;
  readonly #badge = h('span', { class: 'badge' });
  readonly #count = new Text();
  #isPinned: boolean;
  #isOpen: boolean;

  constructor(column: HTMLElement, button: HTMLElement) {
    this.#column = column;
    this.#button = button;
    this.#badge.append(this.#count.node);
    button.append(icon('log'), this.#badge);
    button.addEventListener('click', () => this.toggle());
    this.#isPinned = (localStorage.getItem(STORAGE_KEY) ?? String(matchMedia(WIDE).matches)) === 'true';
    this.#isOpen = this.#isPinned;
    this.#draw();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  toggle(): void {
    this.#isPinned = !this.#isOpen;
    localStorage.setItem(STORAGE_KEY, String(this.#isPinned));
    this.#isOpen = this.#isPinned;
    this.#draw();
  }

  /** A vehicle was selected, or none is any more. */
  turnTo(hasVehicle: boolean): void {
    this.#column.classList.toggle('has-vehicle', hasVehicle);
    this.#isOpen = hasVehicle || this.#isPinned;
    this.#draw();
  }

  /** Messages that nobody has read. */
  count(unread: number): void {
    this.#count.show(unread === 0 ? '' : String(unread));
    const label =
      unread === 0
        ? t('Events and messages')
        : counted('Events and messages, {count} unread', 'Events and messages, {count} unread', unread);
    if (this.#button.ariaLabel !== label) this.#button.ariaLabel = label;
  }

  #draw(): void {
    this.#column.hidden = !this.#isOpen;
    this.#button.setAttribute('aria-expanded', String(this.#isOpen));
  }
}
