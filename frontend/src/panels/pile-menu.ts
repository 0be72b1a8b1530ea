/** Vehicles that lie on each other, to choose one from, beside where they lie. */
import type { Vehicle } from '../fleet-store.ts';
import { STATUS_NAMES } from '../status.ts';
import { counted, t } from '../texts.ts';
import { h } from './dom.ts';
import { StatusIcon } from './icons.ts';

/** Kept free between the menu and the edges of the map. */
const MARGIN_PX = 8;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export class PileMenu {
  readonly #area: HTMLElement;
  readonly #menu = h('div', { class: 'pile-menu', role: 'menu', hidden: true });
  readonly #onPick: (id: number) => void;

  constructor(area: HTMLElement, onPick: (id: number) => void) {
    this.#area = area;
    this.#onPick = onPick;
    area.append(this.#menu);
    this.#menu.addEventListener('keydown', (event) => this.#press(event));
    document.addEventListener('pointerdown', ({ target }) => {
      if (target instanceof Node && !this.#menu.contains(target)) this.close();
    });
    area.addEventListener('wheel', ({ target }) => {
      if (target instanceof Node && !this.#menu.contains(target)) this.close();
    });
  }

  /** `at` in pixels of the area. */
  open(vehicles: readonly Vehicle[], at: { readonly x: number; readonly y: number }): void {
    const title = h(
      'p',
      { role: 'presentation' },
      counted('{count} vehicle here', '{count} vehicles here', vehicles.length),
    );
    this.#menu.replaceChildren(title, ...vehicles.map((vehicle) => this.#item(vehicle)));
    this.#menu.ariaLabel = t('Vehicles here');
    this.#menu.hidden = false;
    this.#place(at);
    this.#items[0]?.focus();
  }

  close(): void {
    this.#menu.hidden = true;
  }

  get #items(): HTMLButtonElement[] {
    return [...this.#menu.querySelectorAll('button')];
  }

  #item({ id, info, status, headingDeg }: Vehicle): HTMLElement {
    const icon = new StatusIcon();
    icon.show(status, headingDeg);
    const item = h(
      'button',
      { type: 'button', class: 'pick-row', role: 'menuitem' },
      icon.element,
      h('span', {}, info.name),
      h('small', {}, STATUS_NAMES[status]),
    );
    item.addEventListener('click', () => {
      this.close();
      this.#onPick(id);
    });
    return item;
  }

  /** To the right of the place and below it, unless there is no room. */
  #place({ x, y }: { readonly x: number; readonly y: number }): void {
    const { offsetWidth, offsetHeight } = this.#menu;
    const { clientWidth, clientHeight } = this.#area;
    const left = x + MARGIN_PX + offsetWidth > clientWidth ? x - MARGIN_PX - offsetWidth : x + MARGIN_PX;
    this.#menu.style.left = `${Math.max(MARGIN_PX, left)}px`;
    this.#menu.style.top = `${Math.max(MARGIN_PX, Math.min(y, clientHeight - offsetHeight - MARGIN_PX))}px`;
  }

  #press(event: KeyboardEvent): void {
    const by = STEPS[event.key];
    if (event.key === 'Escape') this.close();
    else if (by !== undefined) {
      const items = this.#items;
      const index = items.indexOf(document.activeElement as HTMLButtonElement);
      items[(index + by + items.length) % items.length]?.focus();
    } else return;
    event.preventDefault();
  }
}
