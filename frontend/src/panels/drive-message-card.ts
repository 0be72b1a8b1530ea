/** A message that just came, large enough to be read at arm's length, with its answers. */
import type { ThreadMessage } from '../desk/thread.ts';
import { minuteText } from '../format.ts';
import { counted, t } from '../texts.ts';
import { h } from './dom.ts';

export interface DriveMessageCardOptions {
  onRead(): void;
  onReply(text: string): void;
}

export class DriveMessageCard {
  readonly element = h('section', {
    class: 'drive-message',
    'aria-label': t('New message'),
    role: 'alert',
    hidden: true,
  });
  readonly #options: DriveMessageCardOptions;
  #shown = '';

  constructor(options: DriveMessageCardOptions) {
    this.#options = options;
  }

  /** `message`: the newest of the `count` that were not seen. */
  show(message: ThreadMessage | null, count: number): void {
    const shown = message === null ? '' : `${message.id} ${count}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.element.hidden = message === null;
    this.element.replaceChildren(...(message === null ? [] : this.#content(message, count)));
  }

  #content({ text, author, timeMs, quickReplies }: ThreadMessage, count: number): HTMLElement[] {
    const more = count > 1 ? ` · ${counted('{count} more', '{count} more', count - 1)}` : '';
    const read = h('button', { type: 'button', class: 'button drive-button' }, t('Read'));
    read.addEventListener('click', () => this.#options.onRead());
    return [
      h('p', { class: 'drive-message-text', dir: 'auto' }, text),
      h('p', { class: 'drive-note' }, `${author} · ${minuteText(timeMs)}${more}`),
      h('div', { class: 'drive-replies' }, ...replyButtons(quickReplies, this.#options.onReply), read),
    ];
  }
}

export function replyButtons(
  replies: readonly string[],
  onReply: (text: string) => void,
): HTMLButtonElement[] {
  return replies.map((reply) => {
    const button = h('button', { type: 'button', class: 'button is-main drive-button' }, reply);
    button.addEventListener('click', () => onReply(reply));
    return button;
  });
}
