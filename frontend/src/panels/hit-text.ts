/** Text in which what was searched for is marked. */
import { hitsIn } from '../fleet-search.ts';
import { h } from './dom.ts';

export class HitText {
  readonly element: HTMLElement;
  #shown = '';

  constructor(className: string) {
    this.element = h('span', { class: className });
  }

  /** Written only when it differs. */
  show(text: string, words: readonly string[]): void {
    const now = `${text}\n${words.join(' ')}`;
    if (now === this.#shown) return;
    this.#shown = now;
    let end = 0;
    const parts: (string | Node)[] = [];
    for (const [from, to] of hitsIn(text, words)) {
      parts.push(text.slice(end, from), h('mark', {}, text.slice(from, to)));
      end = to;
    }
    this.element.replaceChildren(...parts, text.slice(end));
  }
}
