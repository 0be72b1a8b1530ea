/** Above the list: how many are shown, and in which order. */
import type { Order } from '../fleet-view.ts';
import { counted, t } from '../texts.ts';
import { h, Text } from './dom.ts';

export interface ListHeadOptions {
  onOrder(order: Order): void;
  onInView(): void;
}

export class ListHead {
  readonly #count = new Text();
  readonly #order: HTMLSelectElement;

  readonly #inView = h(
    'button',
    {
      type: 'button',
      class: 'button is-small',
      'aria-keyshortcuts': 'v',
      title: `${t('Only what the map shows')} (v)`,
    },
    t('In view'),
  );

  constructor(container: HTMLElement, { onOrder, onInView }: ListHeadOptions) {
    this.#order = h(
      'select',
      { 'aria-label': t('Order of the list') },
      h('option', { value: 'attention' }, t('Attention first')),
      h('option', { value: 'name' }, t('By name')),
    );
    this.#order.addEventListener('change', () =>
      onOrder(this.#order.value === 'name' ? 'name' : 'attention'),
    );
    this.#inView.addEventListener('click', onInView);
    container.append(
      h('div', { class: 'list-head' }, h('span', {}, this.#count.node), this.#inView, this.#order),
    );
  }

  press(isInView: boolean, order: Order): void {
    this.#order.value = order;
    this.#inView.setAttribute('aria-pressed', String(isInView));
  }

  show(shown: number, known: number): void {
    this.#count.show(
      shown === known
        ? counted('{count} vehicle', '{count} vehicles', known)
        : counted('{shown} of {count} vehicle', '{shown} of {count} vehicles', known, { shown }),
    );
  }
}
