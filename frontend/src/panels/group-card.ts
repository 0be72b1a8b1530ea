/** What is known of several selected vehicles together. */
import type { Vehicle } from '../fleet-store.ts';
import { ageText, speedText } from '../format.ts';
import { ATTENTION } from '../status.ts';
import { statusText } from '../status-text.ts';
import { counted, t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { icon, StatusIcon } from './icons.ts';

export interface GroupCardOptions {
  readonly container: HTMLElement;
  onFit(): void;
  onClose(): void;
}

export class GroupCard {
  readonly #element: HTMLElement;
  readonly #title = new Text();
  readonly #fastest = new Text();
  readonly #oldest = new Text();
  readonly #statuses = ATTENTION.map((status) => {
    const mark = new StatusIcon();
    mark.show(status, 0);
    const count = new Text();
    const element = h('li', {}, mark.element, h('span', {}, count.node));
    return { status, count, element };
  });

  constructor({ container, onFit, onClose }: GroupCardOptions) {
    const fit = h('button', { type: 'button', class: 'button' }, icon('fit'), t('Fit'));
    fit.addEventListener('click', onFit);
    const close = h(
      'button',
      { type: 'button', class: 'button is-bare', 'aria-label': t('Select none') },
      icon('close'),
    );
    close.addEventListener('click', onClose);
    this.#element = h(
      'section',
      { class: 'card group-card', 'aria-label': t('Selected vehicles'), hidden: true },
      h('header', {}, h('div', {}, h('h2', {}, this.#title.node)), fit, close),
      h('ul', { class: 'group-statuses' }, ...this.#statuses.map(({ element }) => element)),
      h('dl', {}, fact(t('Fastest'), this.#fastest), fact(t('Oldest fix'), this.#oldest)),
    );
    container.append(this.#element);
  }

  hide(): void {
    this.#element.hidden = true;
  }

  /** At least one; `nowMs` by the server's clock. */
  show(vehicles: readonly Vehicle[], nowMs: number): void {
    this.#element.hidden = false;
    this.#title.show(counted('{count} vehicle', '{count} vehicles', vehicles.length));
    for (const { status, count, element } of this.#statuses) {
      const own = vehicles.filter((vehicle) => vehicle.status === status).length;
      element.hidden = own === 0;
      count.show(`${own} ${statusText(status)}`);
    }
    const fastest = vehicles.reduce((a, b) => ((b.speedMps ?? -1) > (a.speedMps ?? -1) ? b : a));
    const oldest = vehicles.reduce((a, b) => (b.fixTimeMs < a.fixTimeMs ? b : a));
    this.#fastest.show(`${speedText(fastest.speedMps)} · ${fastest.info.name}`);
    this.#oldest.show(`${t('{age} ago', { age: ageText(nowMs - oldest.fixTimeMs) })} · ${oldest.info.name}`);
  }
}

function fact(name: string, value: Text): HTMLElement {
  return h('div', { class: 'is-wide' }, h('dt', {}, name), h('dd', {}, value.node));
}
