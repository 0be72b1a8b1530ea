/** Above the list: how many are shown, and in which order. */
import type { Order } from '../fleet-view.ts';
import { countText } from '../format.ts';
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
      title: 'Only what the map shows (v)',
    },
    'In view',
  );

  constructor(container: HTMLElement, { onOrder, onInView }: ListHeadOptions) {
    const select = h(
      'select',
      { 'aria-label': 'Order of the list' },
      h('option', { value: 'attention' }, 'Attention first'),
      h('option', { value: 'name' }, 'By name'),
    );
    select.addEventListener('change', () => onOrder(select.value === 'name' ? 'name' : 'attention'));
    this.#inView.addEventListener('click', onInView);
    container.append(h('div', { class: 'list-head' }, h('span', {}, this.#count.node), this.#inView, select));
  }

  press(isInView: boolean): void {
    this.#inView.setAttribute('aria-pressed', String(isInView));
  }

  show(shown: number, known: number): void {
    const vehicles = known === 1 ? 'vehicle' : 'vehicles';
    const some = shown === known ? '' : `${countText(shown)} of `;
    this.#count.show(`${some}${countText(known)} ${vehicles}`);
  }
}
