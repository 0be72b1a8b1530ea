/** How long to snooze, to choose beside the button that asked. */
import type { SnoozeTime } from '../desk/snooze-times.ts';
import { t } from '../texts.ts';
import { h } from './dom.ts';

const GAP_PX = 4;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export class SnoozeMenu {
  readonly #menu = h('div', {
    class: 'snooze-menu',
    role: 'menu',
    'aria-label': t('Snooze'),
    popover: 'auto',
  });

  constructor() {
    document.body.append(this.#menu);
    this.#menu.addEventListener('keydown', (event) => this.#press(event));
  }

  /** `choose` is called with null for waking what is snoozed. */
  open(
    anchor: HTMLElement,
    times: readonly SnoozeTime[],
    { isSnoozed, choose }: { readonly isSnoozed: boolean; choose(untilMs: number | null): void },
  ): void {
    const items = times.map(({ label, untilMs }) => this.#item(label, () => choose(untilMs)));
    const wake = isSnoozed ? [this.#item(t('Wake now'), () => choose(null))] : [];
    this.#menu.replaceChildren(h('p', { role: 'presentation' }, t('Snooze for me')), ...items, ...wake);
    this.#menu.showPopover();
    this.#place(anchor.getBoundingClientRect());
    items[0]?.focus();
  }

  #item(label: string, run: () => void): HTMLButtonElement {
    const item = h('button', { type: 'button', class: 'pick-row', role: 'menuitem' }, h('span', {}, label));
    item.addEventListener('click', () => {
      this.#menu.hidePopover();
      run();
    });
    return item;
  }

  /** Below the button, its right edge at the button's, unless there is no room. */
  #place({ top, bottom, right }: DOMRect): void {
    const { offsetWidth, offsetHeight } = this.#menu;
    const below = bottom + GAP_PX;
    const isRoom = below + offsetHeight <= window.innerHeight;
    this.#menu.style.left = `${Math.max(GAP_PX, right - offsetWidth)}px`;
    this.#menu.style.top = `${isRoom ? below : Math.max(GAP_PX, top - GAP_PX - offsetHeight)}px`;
  }

  #press(event: KeyboardEvent): void {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const items = [...this.#menu.querySelectorAll('button')];
    const index = items.indexOf(document.activeElement as HTMLButtonElement);
    items[(index + by + items.length) % items.length]?.focus();
  }
}
