/** Over the map while it follows a vehicle: whom, and how that ends. */
import { t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { icon } from './icons.ts';

export class FollowChip {
  readonly #text = new Text();
  readonly #chip: HTMLButtonElement;

  constructor(container: HTMLElement, onEnd: () => void) {
    this.#chip = h(
      'button',
      {
        type: 'button',
        class: 'follow-chip',
        'aria-keyshortcuts': 'f',
        title: t('Stop following (f)'),
        hidden: true,
      },
      icon('follow'),
      this.#text.node,
      icon('close'),
    );
    this.#chip.addEventListener('click', onEnd);
    container.append(this.#chip);
  }

  /** Null: nobody is followed. */
  show(name: string | null): void {
    if (this.#chip.hidden !== (name === null)) this.#chip.hidden = name === null;
    if (name !== null) this.#text.show(t('Following {name}', { name }));
  }
}
