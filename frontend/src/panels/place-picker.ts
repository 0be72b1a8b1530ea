/** Where and when: a region or a box, and two times of the reader's zone. */
import { instantOfWall, wallTextOf } from '../history/zone.ts';
import type { RegionShape } from '../map/types.ts';
import { type Marked, mark, t } from '../texts.ts';
import type { Place, VisitsAddress } from '../visits/address.ts';
import { h } from './dom.ts';

const HOUR_MS = 3_600_000;
const SPANS: readonly (readonly [hours: number, text: Marked])[] = [
  [1, mark('Last hour')],
  [8, mark('Last 8 hours')],
  [24, mark('Last 24 hours')],
];

export interface PlacePickerOptions {
  readonly container: HTMLElement;
  readonly zone: string;
  onRegion(slug: string): void;
  /** The reader wants to draw a box, or no longer. */
  onDraw(): void;
  onView(): void;
  onTimes(fromMs: number, toMs: number): void;
}

export class PlacePicker {
  readonly #options: PlacePickerOptions;
  readonly #region = h('select', { 'aria-label': t('Region') });
  readonly #draw = h('button', { class: 'button', type: 'button', 'aria-pressed': 'false' }, t('Draw a box'));
  readonly #hint = h('p', { class: 'place-hint' });
  readonly #from = h('input', { type: 'datetime-local' });
  readonly #to = h('input', { type: 'datetime-local' });
  readonly #problem = h('p', { class: 'problem', role: 'alert' });
  #place: Place | null = null;
  #regions: readonly RegionShape[] = [];

  constructor(options: PlacePickerOptions) {
    this.#options = options;
    const view = h('button', { class: 'button', type: 'button' }, t('What the map shows'));
    this.#draw.addEventListener('click', () => options.onDraw());
    view.addEventListener('click', () => options.onView());
    this.#region.addEventListener(
      'change',
      () => this.#region.value !== '' && options.onRegion(this.#region.value),
    );
    for (const input of [this.#from, this.#to]) input.addEventListener('change', () => this.#typed());
    options.container.append(
      this.#region,
      h('div', { class: 'place-boxes' }, this.#draw, view),
      this.#hint,
      h('label', {}, h('span', {}, t('From')), this.#from),
      h('label', {}, h('span', {}, t('To')), this.#to),
      h('div', { class: 'place-spans' }, ...SPANS.map(([hours, text]) => this.#span(hours, t(text)))),
      this.#problem,
    );
  }

  show({ place, fromMs, toMs }: VisitsAddress): void {
    this.#place = place;
    this.#showRegions();
    this.#from.value = wallTextOf(fromMs, this.#options.zone);
    this.#to.value = wallTextOf(toMs, this.#options.zone);
    this.#problem.textContent = '';
  }

  /** The regions there are to choose from; times that somebody types meanwhile stay. */
  offer(regions: readonly RegionShape[]): void {
    this.#regions = regions;
    this.#showRegions();
  }

  #showRegions(): void {
    const [place, regions] = [this.#place, this.#regions];
    const chosen = place?.kind === 'region' ? place.slug : '';
    const first = place?.kind === 'box' ? t('A box on the map') : t('Choose a region');
    const names = regions.map(({ slug, name }) => h('option', { value: slug }, name));
    const isUnknown = chosen !== '' && !regions.some(({ slug }) => slug === chosen);
    const unknown = isUnknown ? [h('option', { value: chosen }, chosen)] : [];
    this.#region.replaceChildren(h('option', { value: '' }, first), ...unknown, ...names);
    this.#region.value = chosen;
  }

  showDrawing(isOn: boolean): void {
    this.#draw.setAttribute('aria-pressed', String(isOn));
    this.#hint.textContent = isOn ? t('Drag a box on the map. Esc ends.') : '';
  }

  focus(): void {
    this.#region.focus();
  }

  #typed(): void {
    const { zone } = this.#options;
    const [fromMs, toMs] = [this.#from, this.#to].map(({ value }) => instantOfWall(value, zone));
    if (fromMs == null || toMs == null) return;
    const isRange = fromMs < toMs;
    this.#problem.textContent = isRange ? '' : t('The end must be after the beginning.');
    if (isRange) this.#options.onTimes(fromMs, toMs);
  }

  #span(hours: number, text: string): HTMLElement {
    const button = h('button', { class: 'button is-small', type: 'button' }, text);
    button.addEventListener('click', () => {
      const toMs = Math.ceil(Date.now() / 60_000) * 60_000;
      this.#options.onTimes(toMs - hours * HOUR_MS, toMs);
    });
    return button;
  }
}
