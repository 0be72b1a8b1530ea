/** Which keys do what, asked for with `?`. */

import { t } from '../texts.ts';
import { h } from './dom.ts';

export type KeyHelp = readonly (readonly [keys: string, what: string])[];

export class KeySheet {
  readonly #dialog: HTMLDialogElement;

  constructor(keys: KeyHelp) {
    const lines = keys.flatMap(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)]);
    const close = h('button', { class: 'button', value: 'close' }, t('Close'));
    this.#dialog = h(
      'dialog',
      { class: 'sheet key-sheet', 'aria-label': t('Keyboard') },
      h('h2', {}, t('Keyboard')),
      h('dl', {}, ...lines),
      h('form', { method: 'dialog' }, close),
    );
    document.body.append(this.#dialog);
  }

  toggle(): void {
    if (this.#dialog.open) this.#dialog.close();
    else this.#dialog.showModal();
  }
}
