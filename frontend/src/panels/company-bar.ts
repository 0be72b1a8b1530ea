/** The vehicles whose past is shown together: letter, colour and name of each, which one is the chosen, one more, one fewer. */
import { type Company, LETTERS, MOST_VEHICLES } from '../history/company.ts';
import { t } from '../texts.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

export interface CompanyBarOptions {
  readonly container: HTMLElement;
  onAdd(): void;
  onChoose(slug: string): void;
  onRemove(slug: string): void;
}

export class CompanyBar {
  readonly #options: CompanyBarOptions;
  readonly #add: HTMLButtonElement;

  constructor(options: CompanyBarOptions) {
    this.#options = options;
    const title = t('Show one more vehicle, up to {most}', { most: MOST_VEHICLES });
    this.#add = h(
      'button',
      { type: 'button', class: 'button is-small', title: `${title} (a)` },
      t('Add a vehicle'),
    );
    this.#add.addEventListener('click', () => options.onAdd());
  }

  /** The focus stays at its place in the row. */
  show({ vehicles, vehicle }: Company, nameOf: (slug: string) => string): void {
    const { container } = this.#options;
    const focused = this.#buttons.findIndex((button) => button === document.activeElement);
    container.hidden = vehicle === null;
    this.#add.disabled = vehicles.length >= MOST_VEHICLES;
    const chips = vehicles.map((slug, own) => this.#chip(slug, nameOf(slug), own, slug === vehicle));
    container.replaceChildren(...(chips.length < 2 ? [] : chips), this.#add);
    this.#buttons[focused]?.focus();
  }

  get #buttons(): readonly HTMLButtonElement[] {
    return [...this.#options.container.querySelectorAll('button')];
  }

  #chip(slug: string, name: string, own: number, isChosen: boolean): HTMLElement {
    const choose = h(
      'button',
      {
        type: 'button',
        class: 'company-name',
        'aria-pressed': String(isChosen),
        title: t('Chart and figures of {name}', { name }),
      },
      letterOf(own),
      h('span', {}, name),
    );
    const remove = h(
      'button',
      { type: 'button', class: 'button is-bare is-small', 'aria-label': t('Leave {name} out', { name }) },
      icon('close'),
    );
    choose.addEventListener('click', () => this.#options.onChoose(slug));
    remove.addEventListener('click', () => this.#options.onRemove(slug));
    return h('div', { class: 'company-chip' }, choose, remove);
  }
}

/** The sign of a vehicle wherever it is shown beside others. */
export function letterOf(own: number): HTMLElement {
  return h('b', { class: 'letter', 'data-own': String(own) }, LETTERS[own] ?? '');
}
