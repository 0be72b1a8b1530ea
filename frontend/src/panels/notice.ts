/** A line that says what just happened, and goes away. */
import { h } from './dom.ts';

const SHOWN_FOR_MS = 6000;

export class Notice {
  readonly #element = h('p', { class: 'notice', role: 'status' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(container: HTMLElement) {
    container.append(this.#element);
  }

  say(text: string): void {
    this.#element.textContent = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#element.textContent = '';
    }, SHOWN_FOR_MS);
  }
}
