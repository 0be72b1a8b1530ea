/** What a phone shows that is nobody's yet: where to type the code. */
import { findCode, shownCode } from '../drive/pair-code.ts';
import { mark, t } from '../texts.ts';
import { h } from './dom.ts';
import { languageLine } from './language-select.ts';

export interface DrivePairingOptions {
  /** From the link; null without one. */
  readonly code: string | null;
  /** With whom the phone is paired now; null: with nobody. */
  readonly pairedWith: string | null;
  /** Gives why not, or an empty text. */
  onPair(code: string): Promise<string>;
  onCancel(): void;
}

const NO_CODE = mark('A code has eight letters and digits, such as K7QM-3WXD.');

export class DrivePairing {
  readonly element: HTMLElement;
  readonly #options: DrivePairingOptions;
  readonly #input: HTMLInputElement;
  readonly #button = h(
    'button',
    { type: 'submit', class: 'button is-main drive-button' },
    t('Pair this phone'),
  );
  readonly #problem = h('p', { class: 'errors', role: 'alert', hidden: true });

  constructor(options: DrivePairingOptions) {
    this.#options = options;
    this.#input = h('input', {
      id: 'pair-code',
      name: 'code',
      value: options.code === null ? '' : shownCode(options.code),
      placeholder: 'K7QM-3WXD',
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: 'false',
      required: true,
    });
    const form = h(
      'form',
      { class: 'drive-pairing' },
      h('label', { for: 'pair-code' }, t('Pairing code or link')),
      this.#input,
      this.#problem,
      this.#button,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#pair();
    });
    this.element = h(
      'section',
      { class: 'drive-unpaired' },
      ...this.#head(),
      form,
      ...this.#foot(),
      languageLine(),
    );
  }

  #head(): HTMLElement[] {
    const { pairedWith } = this.#options;
    if (pairedWith !== null) {
      return [
        h('h1', {}, t('Pair anew?')),
        h('p', {}, t('This phone is paired with {name}.', { name: pairedWith })),
      ];
    }
    return [
      h('h1', {}, t('Not paired')),
      h('p', {}, t('Ask your dispatcher for a code: it is made on the page of your vehicle.')),
    ];
  }

  #foot(): HTMLElement[] {
    if (this.#options.pairedWith === null) {
      const note = t(
        'On an iPhone, add this page to the home screen first and pair it there: it does not share what Safari knows.',
      );
      return [h('p', { class: 'drive-note' }, note)];
    }
    const cancel = h('button', { type: 'button', class: 'button drive-button' }, t('Leave it as it is'));
    cancel.addEventListener('click', () => this.#options.onCancel());
    return [cancel];
  }

  async #pair(): Promise<void> {
    const code = findCode(this.#input.value);
    if (code === null) {
      this.#complain(t(NO_CODE));
      return;
    }
    this.#button.disabled = true;
    this.#complain(await this.#options.onPair(code));
    this.#button.disabled = false;
  }

  #complain(text: string): void {
    this.#problem.hidden = text === '';
    this.#problem.textContent = text;
  }
}
