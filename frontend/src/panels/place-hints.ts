/** Below the search box: places that the text may mean, to go to. */

import { mark, t } from '../texts.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

const KINDS = { region: mark('region'), street: mark('street'), coordinate: mark('coordinate') };

export interface PlaceHint {
  readonly label: string;
  readonly kind: keyof typeof KINDS;
  go(): void;
}

export class PlaceHints {
  readonly #list = h('ul', { class: 'place-hints', 'aria-label': t('Places'), hidden: true });

  constructor(container: HTMLElement) {
    container.append(this.#list);
  }

  show(hints: readonly PlaceHint[]): void {
    this.#list.hidden = hints.length === 0;
    this.#list.replaceChildren(...hints.map(item));
  }
}

function item({ label, kind, go }: PlaceHint): HTMLElement {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'pick-row',
      'aria-label': t('Go to {place}, {kind}', { place: label, kind: t(KINDS[kind]) }),
    },
    icon('go'),
    h('span', {}, label),
    h('small', {}, t(KINDS[kind])),
  );
  button.addEventListener('click', go);
  return h('li', {}, button);
}
