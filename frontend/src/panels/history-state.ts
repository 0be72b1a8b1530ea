/** What the history page says of what it shows, or of why it cannot. */
import { h } from './dom.ts';

export class HistoryState {
  readonly #container: HTMLElement;
  #lines: readonly (string | HTMLElement)[] = [];
  #more: readonly (string | HTMLElement)[] = [];

  constructor(container: HTMLElement) {
    this.#container = container;
  }

  say(...lines: readonly string[]): void {
    this.#lines = lines;
    this.#show();
    this.#container.removeAttribute('data-kind');
  }

  /** Below it, whatever else is said, until other lines come here. */
  add(...lines: readonly string[]): void {
    this.#more = lines;
    this.#show();
  }

  /** Below it likewise: a way on. */
  offer(text: string, onTake: () => void): void {
    const button = h('button', { type: 'button', class: 'button' }, text);
    button.addEventListener('click', onTake);
    this.#more = [button];
    this.#show();
  }

  complain(text: string): void {
    this.say(text);
    this.#container.dataset.kind = 'alarm';
  }

  #show(): void {
    this.#container.replaceChildren(...[...this.#lines, ...this.#more].map((line) => h('p', {}, line)));
  }
}
