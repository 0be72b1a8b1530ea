/** Below the search box: places that the text may mean, to go to. */
import { h } from './dom.ts';
import { icon } from './icons.ts';

export interface PlaceHint {
  readonly label: string;
  /** `region`, `street`, `coordinate`. */
  readonly kind: string;
  go(): void;
}

export class PlaceHints {
  readonly #list = h('ul', { class: 'place-hints', 'aria-label': 'Places', hidden: true });

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
    { type: 'button', class: 'pick-row', 'aria-label': `Go to ${label}, ${kind}` },
    icon('go'),
    h('span', {}, label),
    h('small', {}, kind),
  );
  button.addEventListener('click', go);
  return h('li', {}, button);
}
