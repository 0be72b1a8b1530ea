/** Answers that a message offers, to be given with one touch. */

import { t } from '../texts.ts';
import { h } from './dom.ts';

const MOST_ANSWERS = 6;
const MOST_CHARS = 60;

export class AnswerOffer {
  readonly element: HTMLDetailsElement;
  readonly #summary = h('summary', { class: 'button is-small' });
  readonly #chips = h('ul', { class: 'offer-chips' });
  readonly #input = h('input', {
    type: 'text',
    maxlength: String(MOST_CHARS),
    placeholder: t('An answer; Enter adds it'),
    'aria-label': t('An answer to offer; Enter adds it'),
    autocomplete: 'off',
  });
  #answers: readonly string[] = [];

  constructor() {
    this.element = h('details', { class: 'offer' }, this.#summary, this.#chips, this.#input);
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      this.#add();
    });
    this.#draw();
  }

  /** What is typed and not added counts too: whoever sends it means it. */
  get answers(): readonly string[] {
    const typed = this.#input.value.trim();
    const all = typed === '' || this.#answers.includes(typed) ? this.#answers : [...this.#answers, typed];
    return all.slice(0, MOST_ANSWERS);
  }

  clear(): void {
    this.#answers = [];
    this.#input.value = '';
    this.element.open = false;
    this.#draw();
  }

  #add(): void {
    this.#answers = this.answers;
    this.#input.value = '';
    this.#draw();
  }

  #remove(answer: string): void {
    this.#answers = this.#answers.filter((other) => other !== answer);
    this.#draw();
    this.#input.focus();
  }

  #draw(): void {
    const count = this.#answers.length;
    this.#summary.textContent = count === 0 ? t('Offer answers') : t('Answers: {count}', { count });
    this.#input.disabled = count >= MOST_ANSWERS;
    this.#chips.replaceChildren(
      ...this.#answers.map((answer) => {
        const remove = h(
          'button',
          { type: 'button', class: 'chip', 'aria-label': t('Do not offer {answer}', { answer }) },
          `${answer} ×`,
        );
        remove.addEventListener('click', () => this.#remove(answer));
        return h('li', {}, remove);
      }),
    );
  }
}
