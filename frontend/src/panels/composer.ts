/** Where a message is written; what was begun stays with its vehicle. */
import type { Side } from '../desk/thread.ts';
import { counted, type Marked, mark, t } from '../texts.ts';
import { AnswerOffer } from './answer-offer.ts';
import { h, Text } from './dom.ts';

export interface ComposerOptions {
  readonly side: Side;
  onSend(text: string, answers: readonly string[]): void;
}

const MOST_CHARS = 1000;
const COUNT_FROM_CHARS = 800;
const NAMES: Readonly<Record<Side, { readonly placeholder: Marked; readonly label: Marked }>> = {
  dispatcher: { placeholder: mark('Write to the driver'), label: mark('Message to the driver') },
  driver: { placeholder: mark('Write to the dispatcher'), label: mark('Message to the dispatcher') },
};

export class Composer {
  readonly element: HTMLFormElement;
  readonly #options: ComposerOptions;
  readonly #offer = new AnswerOffer();
  readonly #left = new Text();
  readonly #send = h('button', { class: 'button is-main', type: 'submit' }, t('Send'));
  readonly #text: HTMLTextAreaElement;
  readonly #begun = new Map<string, string>();
  #vehicle = '';

  constructor(options: ComposerOptions) {
    this.#options = options;
    const { placeholder, label } = NAMES[options.side];
    this.#text = h('textarea', {
      rows: '1',
      maxlength: String(MOST_CHARS),
      placeholder: t(placeholder),
      'aria-label': t(label),
      'aria-keyshortcuts': 'm',
    });
    this.#offer.element.hidden = options.side === 'driver';
    const left = h('span', { class: 'composer-left', role: 'status' }, this.#left.node);
    this.element = h(
      'form',
      { class: 'composer' },
      h('div', { class: 'composer-line' }, this.#text, this.#send),
      h('div', { class: 'composer-foot' }, this.#offer.element, left),
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('input', () => this.#note());
    this.#text.addEventListener('keydown', (event) => this.#press(event));
    this.#note();
  }

  turnTo(vehicle: string): void {
    if (vehicle === this.#vehicle) return;
    this.#begun.set(this.#vehicle, this.#text.value);
    this.#vehicle = vehicle;
    this.#text.value = this.#begun.get(vehicle) ?? '';
    this.#offer.clear();
    this.#note();
  }

  focus(): void {
    this.#text.focus();
  }

  #press(event: KeyboardEvent): void {
    // While a word is being composed, Enter ends the word.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.#text.blur();
    }
  }

  #submit(): void {
    const text = this.#text.value.trim();
    if (text === '') return;
    this.#options.onSend(text, this.#offer.answers);
    this.#text.value = '';
    this.#offer.clear();
    this.#note();
  }

  #note(): void {
    const { length } = this.#text.value;
    this.#send.disabled = this.#text.value.trim() === '';
    this.#left.show(
      length < COUNT_FROM_CHARS ? '' : counted('{count} left', '{count} left', MOST_CHARS - length),
    );
  }
}
