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
    const select = h(
      'select',
      { 'aria-label': t('Order of the list') },
      h('option', { value: 'attention' }, t('Attention first')),
      h('option', { value: 'name' }, t('By name')),
    );
    select.addEventListener('change', () => onOrder(select.value === 'name' ? 'name' : 'attention'));
    this.#inView.addEventListener('click', onInView);
    container.append(h('div', { class: 'list-head' }, h('span', {}, this.#count.node), this.#inView, select));
  }

  press(isInView: boolean): void {
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
