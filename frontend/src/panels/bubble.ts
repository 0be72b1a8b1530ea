/** One message of a conversation. */
import { isOurs, type Side, type ThreadMessage } from '../desk/thread.ts';
import { minuteText } from '../format.ts';
import { type Marked, mark, t } from '../texts.ts';
import { h, Text } from './dom.ts';

export interface BubbleOptions {
  /** As whom the reader writes. */
  readonly me: string;
  readonly side: Side;
  onAgain(): void;
  onDiscard(): void;
}

const STATE_TEXTS: Readonly<Record<ThreadMessage['state'], Marked>> = {
  waiting: mark('Not sent yet; waits for the connection.'),
  sending: mark('sending'),
  refused: mark('Refused.'),
  sent: mark('sent'),
  delivered: mark('delivered'),
  read: mark('read'),
};

export class Bubble {
  readonly element: HTMLElement;
  readonly #note = new Text();
  readonly #orders: HTMLElement;
  readonly #side: Side;

  constructor(message: ThreadMessage, { me, side, onAgain, onDiscard }: BubbleOptions) {
    this.#side = side;
    const again = h('button', { type: 'button', class: 'button is-small' }, t('Try again'));
    const discard = h('button', { type: 'button', class: 'button is-small' }, t('Discard'));
    again.addEventListener('click', onAgain);
    discard.addEventListener('click', onDiscard);
    this.#orders = h('div', { class: 'bubble-orders', hidden: true }, again, discard);
    const answers = message.quickReplies.map((reply) => h('li', {}, reply));
    this.element = h(
      'li',
      { class: isOurs(message, side) ? 'bubble is-ours' : 'bubble is-theirs' },
      h('p', { class: 'bubble-text', dir: 'auto' }, message.text),
      ...(answers.length > 0
        ? [h('ul', { class: 'bubble-answers', 'aria-label': t('Answers offered') }, ...answers)]
        : []),
      h('p', { class: 'bubble-note' }, noteHead(message, me), this.#note.node),
      this.#orders,
    );
  }

  show(message: ThreadMessage): void {
    const { state, reason } = message;
    this.element.dataset.state = state;
    this.#note.show(isOurs(message, this.#side) ? ` · ${reason || t(STATE_TEXTS[state])}` : '');
    this.#orders.hidden = state !== 'refused';
  }
}

/** Whoever writes here knows who he is. */
function noteHead({ author, timeMs }: ThreadMessage, me: string): string {
  return author === me || author === '' ? minuteText(timeMs) : `${author} · ${minuteText(timeMs)}`;
}
