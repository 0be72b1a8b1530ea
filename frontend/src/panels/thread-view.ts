/** The messages of one conversation, scrolled to their end until somebody scrolls back. */
import type { Side, Thread, ThreadMessage } from '../desk/thread.ts';
import { dayText } from '../format.ts';
import { counted, t } from '../texts.ts';
import { Bubble } from './bubble.ts';
import { h } from './dom.ts';

export interface ThreadViewOptions {
  /** As whom the reader writes. */
  readonly me: string;
  readonly side: Side;
  onOlder(): void;
  onAgain(key: string): void;
  onDiscard(key: string): void;
}

const AT_END_PX = 24;

export class ThreadView {
  readonly element: HTMLElement;
  readonly #options: ThreadViewOptions;
  readonly #older = h(
    'button',
    { type: 'button', class: 'button is-small thread-older', hidden: true },
    t('Older messages'),
  );
  readonly #empty = h('p', { class: 'thread-empty' });
  readonly #list = h('ol', {});
  readonly #scroller: HTMLElement;
  readonly #newer = h('button', { type: 'button', class: 'button is-small thread-newer', hidden: true });
  #bubbles = new Map<string, Bubble>();
  #isAtEnd = true;

  constructor(options: ThreadViewOptions) {
    this.#options = options;
    this.#scroller = h(
      'div',
      { class: 'thread-scroller', tabindex: '0', role: 'log', 'aria-label': t('Messages') },
      this.#older,
      this.#empty,
      this.#list,
    );
    this.element = h('div', { class: 'thread' }, this.#scroller, this.#newer);
    this.#older.addEventListener('click', () => options.onOlder());
    this.#newer.addEventListener('click', () => this.scrollToEnd());
    this.#scroller.addEventListener('scroll', () => this.#measure(), { passive: true });
    new ResizeObserver(() => this.#isAtEnd && this.scrollToEnd()).observe(this.#scroller);
  }

  /** Whoever is shown the end has seen what is new. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** Another conversation. */
  clear(): void {
    this.#bubbles.clear();
    this.#list.replaceChildren();
    this.#isAtEnd = true;
  }

  show(thread: Thread, emptyText: string): void {
    const { scrollHeight, scrollTop } = this.#scroller;
    const { messages } = thread;
    const hadOldest = this.#list.firstElementChild;
    this.#older.hidden = thread.hasOlder !== true;
    this.#empty.textContent = messages.length === 0 ? emptyText : '';
    this.#fill(messages);
    if (this.#isAtEnd) this.scrollToEnd();
    else if (this.#list.firstElementChild !== hadOldest) {
      this.#scroller.scrollTop = scrollTop + this.#scroller.scrollHeight - scrollHeight;
    }
    this.#tellNewer(thread.unread.length);
  }

  scrollToEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#isAtEnd = true;
    this.#newer.hidden = true;
  }

  #fill(messages: readonly ThreadMessage[]): void {
    const bubbles = new Map<string, Bubble>();
    const rows: Element[] = [];
    let day = '';
    for (const message of messages) {
      const name = message.id === null ? `key ${message.key}` : String(message.id);
      const bubble = this.#bubbles.get(name) ?? this.#make(message);
      bubble.show(message);
      bubbles.set(name, bubble);
      const itsDay = dayText(message.timeMs);
      if (itsDay !== day) rows.push(this.#dayRow(itsDay));
      day = itsDay;
      rows.push(bubble.element);
    }
    this.#bubbles = bubbles;
    // Written only when it differs, so that what is focused or marked stays so.
    const children = [...this.#list.children];
    if (rows.length !== children.length || rows.some((row, index) => row !== children[index])) {
      this.#list.replaceChildren(...rows);
    }
  }

  /** The one that is there, if there is one. */
  #dayRow(day: string): Element {
    const known = [...this.#list.querySelectorAll('.thread-day')].find(
      ({ textContent }) => textContent === day,
    );
    return known ?? h('li', { class: 'thread-day' }, day);
  }

  #make(message: ThreadMessage): Bubble {
    const { me, side, onAgain, onDiscard } = this.#options;
    const key = message.key ?? '';
    return new Bubble(message, { me, side, onAgain: () => onAgain(key), onDiscard: () => onDiscard(key) });
  }

  #measure(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight <= AT_END_PX;
    if (this.#isAtEnd) this.#newer.hidden = true;
  }

  #tellNewer(unread: number): void {
    this.#newer.hidden = this.#isAtEnd || unread === 0;
    this.#newer.textContent = counted('{count} new', '{count} new', unread);
  }
}
