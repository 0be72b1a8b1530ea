/** Chooses one vehicle by typing a part of its name, plate or slug. */
import type { HistoryVehicle } from '../history/load.ts';
import { counted, t } from '../texts.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import type { Shortcut } from './shortcuts.ts';

/** More would have to be scrolled; typing is faster. */
const MOST_SHOWN = 50;

export class VehiclePicker {
  readonly #input = h('input', {
    type: 'search',
    role: 'combobox',
    placeholder: t('Choose a vehicle'),
    'aria-label': t('Vehicle by name, plate or slug'),
    'aria-controls': 'picker-list',
    'aria-expanded': 'false',
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  readonly #list = h('ul', { id: 'picker-list', class: 'picker-list', role: 'listbox', hidden: true });
  readonly #onPick: (slug: string, how: { readonly isMore: boolean }) => void;
  /** One more is looked for, not another one. */
  #isMore = false;
  /** Null until they are known. */
  #vehicles: readonly HistoryVehicle[] | null = null;
  /** What is looked for in the open list. */
  #text = '';
  #shown: readonly HistoryVehicle[] = [];
  #active = 0;
  #slug: string | null = null;

  constructor(container: HTMLElement, onPick: (slug: string, how: { readonly isMore: boolean }) => void) {
    this.#onPick = onPick;
    container.append(h('label', { class: 'search' }, icon('search'), this.#input), this.#list);
    this.#input.addEventListener('focus', () => {
      this.#input.select();
      this.#open('');
    });
    this.#input.addEventListener('input', () => this.#open(this.#input.value));
    this.#input.addEventListener('blur', () => this.#close());
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    // Before the box loses its focus, and with it the list.
    this.#list.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      const row = event.target instanceof Element ? event.target.closest('li') : null;
      if (row !== null) this.#pick([...this.#list.children].indexOf(row));
    });
  }

  get shortcuts(): readonly Shortcut[] {
    return [
      { key: '/', what: t('choose a vehicle'), run: () => this.focus() },
      { key: 'a', what: t('add a vehicle'), run: () => this.add() },
    ];
  }

  set(vehicles: readonly HistoryVehicle[]): void {
    this.#vehicles = vehicles;
    this.choose(this.#slug);
    if (this.#isOpen) this.#open(this.#text);
  }

  /** What somebody types meanwhile stays. */
  choose(slug: string | null): void {
    this.#slug = slug;
    if (!this.#isOpen) this.#input.value = this.nameOf(slug);
  }

  nameOf(slug: string | null): string {
    return this.#vehicles?.find((one) => one.slug === slug)?.name ?? slug ?? '';
  }

  /** Of its last fix; null: it has none, or nobody knows yet. */
  lastMs(slug: string | null): number | null {
    const latest = this.#vehicles?.find((one) => one.slug === slug)?.latest ?? null;
    return latest === null ? null : Date.parse(latest.fix_time);
  }

  focus(): void {
    this.#input.focus();
  }

  /** Looks for one more. */
  add(): void {
    this.#isMore = true;
    this.#input.value = '';
    this.#input.placeholder = t('Add a vehicle');
    this.#input.focus();
  }

  get #isOpen(): boolean {
    return !this.#list.hidden;
  }

  #open(text: string): void {
    this.#text = text;
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = (this.#vehicles ?? []).filter(({ slug, name, plate }) => {
      const known = `${name} ${plate} ${slug}`.toLowerCase();
      return words.every((word) => known.includes(word));
    });
    this.#shown = found.slice(0, MOST_SHOWN);
    this.#active = 0;
    const more = found.length - this.#shown.length;
    const rest =
      more > 0
        ? [
            h(
              'li',
              { class: 'soft', role: 'presentation' },
              counted('{count} more: type a part of the name', '{count} more: type a part of the name', more),
            ),
          ]
        : [];
    const none =
      found.length === 0
        ? [
            h(
              'li',
              { class: 'soft', role: 'presentation' },
              this.#vehicles === null ? t('Loading …') : t('No vehicle is called so.'),
            ),
          ]
        : [];
    this.#list.replaceChildren(...this.#shown.map(rowOf), ...rest, ...none);
    this.#list.hidden = false;
    this.#input.setAttribute('aria-expanded', 'true');
    this.#mark();
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.placeholder = t('Choose a vehicle');
    this.#isMore = false;
    this.choose(this.#slug);
  }

  #key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      this.#active = Math.min(Math.max(this.#active + step, 0), this.#shown.length - 1);
      this.#mark();
    } else if (event.key === 'Enter') this.#pick(this.#active);
    else if (event.key === 'Escape') this.#input.blur();
    else return;
    event.preventDefault();
  }

  #mark(): void {
    for (const [i, row] of [...this.#list.children].entries()) {
      if (i < this.#shown.length) row.setAttribute('aria-selected', String(i === this.#active));
    }
    const active = this.#list.children[this.#active];
    this.#input.setAttribute('aria-activedescendant', active?.id ?? '');
    active?.scrollIntoView({ block: 'nearest' });
  }

  #pick(index: number): void {
    const vehicle = this.#shown[index];
    if (vehicle === undefined) return;
    const isMore = this.#isMore;
    if (!isMore) this.#slug = vehicle.slug;
    this.#input.blur();
    this.#onPick(vehicle.slug, { isMore });
  }
}

function rowOf({ name, plate, slug }: HistoryVehicle, i: number): HTMLElement {
  const note = h('small', {}, plate || slug);
  return h('li', { id: `picker-${i}`, role: 'option' }, h('span', {}, name), note);
}
