/** One box for names, plates, slugs, drivers, regions and statuses. */

import { t } from '../texts.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

export interface SearchBoxOptions {
  readonly container: HTMLElement;
  onSearch(text: string): void;
  /** Enter: where the text leads; false when it is no place. */
  onGo(): boolean;
  /** Enter, when it leads to no place: to what was found. */
  onFind(): void;
  /** Down: the reader goes on to the list. */
  onLeave(): void;
}

export class SearchBox {
  readonly #input = h('input', {
    type: 'search',
    placeholder: t('Search name, plate, driver, region'),
    'aria-label': t('Search vehicles by name, plate, driver, region or status'),
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
  });

  constructor({ container, onSearch, onGo, onFind, onLeave }: SearchBoxOptions) {
    const hint = h('kbd', { 'aria-hidden': 'true' }, '/');
    container.append(h('label', { class: 'search' }, icon('search'), this.#input, hint));
    this.#input.addEventListener('input', () => onSearch(this.#input.value));
    this.#input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        event.preventDefault();
        if (!onGo()) onFind();
      } else if (event.key === 'ArrowDown') {
        event.preventDefault();
        onLeave();
      } else if (event.key === 'Escape') {
        this.show('');
        onSearch('');
        this.#input.blur();
      }
    });
  }

  show(text: string): void {
    this.#input.value = text;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }
}
