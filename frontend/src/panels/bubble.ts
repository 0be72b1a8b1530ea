/** One message of a conversation. */
import type { ThreadMessage } from '../desk/thread.ts';
import { minuteText } from '../format.ts';
import { h, Text } from './dom.ts';

export interface BubbleOptions {
  onAgain(): void;
  onDiscard(): void;
}

const STATE_TEXTS: Readonly<Record<ThreadMessage['state'], string>> = {
  waiting: 'Not sent yet; waits for the connection.',
  sending: 'sending',
  refused: 'Refused.',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
};

export class Bubble {
  readonly element: HTMLElement;
  readonly #note = new Text();
  readonly #orders: HTMLElement;

  constructor(message: ThreadMessage, me: string, { onAgain, onDiscard }: BubbleOptions) {
    const again = h('button', { type: 'button', class: 'button is-small' }, 'Try again');
    const discard = h('button', { type: 'button', class: 'button is-small' }, 'Discard');
    again.addEventListener('click', onAgain);
    discard.addEventListener('click', onDiscard);
    this.#orders = h('div', { class: 'bubble-orders', hidden: true }, again, discard);
    const answers = message.quickReplies.map((reply) => h('li', {}, reply));
    this.element = h(
      'li',
      { class: message.isFromDriver ? 'bubble is-theirs' : 'bubble is-ours' },
      h('p', { class: 'bubble-text', dir: 'auto' }, message.text),
      ...(answers.length > 0
        ? [h('ul', { class: 'bubble-answers', 'aria-label': 'Answers offered' }, ...answers)]
        : []),
      h('p', { class: 'bubble-note' }, noteHead(message, me), this.#note.node),
      this.#orders,
    );
  }

  show({ isFromDriver, state, reason }: ThreadMessage): void {
    this.element.dataset.state = state;
    this.#note.show(isFromDriver ? '' : ` · ${reason || STATE_TEXTS[state]}`);
    this.#orders.hidden = state !== 'refused';
  }
}

/** Whoever writes here knows who he is. */
function noteHead({ author, timeMs }: ThreadMessage, me: string): string {
  return author === me || author === '' ? minuteText(timeMs) : `${author} · ${minuteText(timeMs)}`;
}
