/** Says in the page's head that the past is shown, and of when; nothing while it is live. */

import { t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { icon } from './icons.ts';

export class PastChip {
  readonly #chip: HTMLElement;
  readonly #time = new Text();
  readonly #announcement = h('span', { class: 'visually-hidden', role: 'status' });

  constructor(container: HTMLElement) {
    this.#chip = h('span', { class: 'past-chip', hidden: true }, icon('past'), h('b', {}, t('PAST')));
    this.#chip.append(h('time', {}, this.#time.node));
    container.replaceChildren(this.#chip, this.#announcement);
  }

  /** Null: live. */
  show(time: string | null): void {
    if (time !== null) this.#time.show(time);
    if (this.#chip.hidden === (time === null)) return;
    this.#chip.hidden = time === null;
    this.#announcement.textContent = time === null ? t('Live again') : t('The past is shown');
  }
}
