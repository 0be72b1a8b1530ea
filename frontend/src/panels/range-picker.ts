/** Chooses days: one, or from the first to the last. */
import { boundedDays, MOST_DAYS } from '../history/address.ts';
import { addDays, daysOf, isDay } from '../history/zone.ts';
import { t } from '../texts.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import type { Shortcut } from './shortcuts.ts';

const WEEK_DAYS = 7;

export interface RangePickerOptions {
  readonly container: HTMLElement;
  /** Asked again each time: a page may stay open over midnight. */
  today(): string;
  onPick(first: string, last: string): void;
}

export class RangePicker {
  readonly #options: RangePickerOptions;
  readonly #first = h('input', { type: 'date', 'aria-label': t('First day') });
  readonly #last = h('input', { type: 'date', 'aria-label': t('Last day') });
  #days: readonly [first: string, last: string] = ['', ''];

  constructor(options: RangePickerOptions) {
    this.#options = options;
    const earlier = this.#button(t('Earlier'), () => this.shift(-1), icon('earlier'));
    const later = this.#button(t('Later'), () => this.shift(1), icon('later'));
    const today = this.#button(t('Today'), () => this.today(), t('Today'));
    const week = this.#button(
      t('Last 7 days'),
      () => this.week(),
      t('7 days'),
      t('at most {days} days together', { days: MOST_DAYS }),
    );
    const to = h('span', { 'aria-hidden': 'true' }, '–');
    options.container.append(earlier, this.#first, to, this.#last, later, today, week);
    this.#first.addEventListener('change', () => this.#typed(this.#first.value, this.#days[1]));
    this.#last.addEventListener('change', () => this.#typed(this.#days[0], this.#last.value));
  }

  get shortcuts(): readonly Shortcut[] {
    return [
      { key: 'p', what: t('the days before'), run: () => this.shift(-1) },
      { key: 'n', what: t('the days after'), run: () => this.shift(1) },
      { key: 'd', what: t('today'), run: () => this.today() },
      { key: 'w', what: t('the last seven days'), run: () => this.week() },
    ];
  }

  show(first: string, last: string): void {
    this.#days = [first, last];
    this.#first.value = first;
    this.#last.value = last;
  }

  /** By as many days as there are. */
  shift(direction: 1 | -1): void {
    const [first, last] = this.#days;
    const days = direction * daysOf(first, last).length;
    this.#options.onPick(addDays(first, days), addDays(last, days));
  }

  today(): void {
    const today = this.#options.today();
    this.#options.onPick(today, today);
  }

  week(): void {
    const today = this.#options.today();
    this.#options.onPick(addDays(today, 1 - WEEK_DAYS), today);
  }

  /** A day beyond the other end is a day alone. */
  #typed(first: string, last: string): void {
    if (!isDay(first) || !isDay(last)) return;
    const isAlone = first > last;
    const typed = first === this.#days[0] ? last : first;
    this.#options.onPick(...(isAlone ? ([typed, typed] as const) : boundedDays(first, last)));
  }

  #button(label: string, run: () => void, face: Node | string, note = ''): HTMLButtonElement {
    const look = typeof face === 'string' ? 'button' : 'button is-bare';
    const title = note === '' ? label : `${label}; ${note}`;
    const button = h('button', { type: 'button', class: look, 'aria-label': label, title }, face);
    button.addEventListener('click', run);
    return button;
  }
}
