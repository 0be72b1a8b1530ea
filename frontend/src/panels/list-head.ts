/** Above the list: how many are shown, and in which order. */
import type { Order } from '../fleet-view.ts';
import { countText } from '../format.ts';
import { h, Text } from './dom.ts';

export class ListHead {
  readonly #count = new Text();

  constructor(container: HTMLElement, onOrder: (order: Order) => void) {
    const select = h(
      'select',
      { 'aria-label': 'Order of the list' },
      h('option', { value: 'attention' }, 'Attention first'),
      h('option', { value: 'name' }, 'By name'),
    );
    select.addEventListener('change', () => onOrder(select.value === 'name' ? 'name' : 'attention'));
    container.append(h('div', { class: 'list-head' }, h('span', {}, this.#count.node), select));
  }

  show(shown: number, known: number): void {
    const vehicles = known === 1 ? 'vehicle' : 'vehicles';
    const some = shown === known ? '' : `${countText(shown)} of `;
    this.#count.show(`${some}${countText(known)} ${vehicles}`);
  }
}
