/** What the history page says of what it shows, or of why it cannot. */
import { h } from './dom.ts';

export class HistoryState {
  readonly #container: HTMLElement;

  constructor(container: HTMLElement) {
    this.#container = container;
  }

  say(...lines: readonly string[]): void {
    this.#container.replaceChildren(...lines.map((line) => h('p', {}, line)));
    this.#container.removeAttribute('data-kind');
  }

  complain(text: string): void {
    this.say(text);
    this.#container.dataset.kind = 'alarm';
  }
}
