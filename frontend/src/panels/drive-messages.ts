/** The whole conversation with the dispatchers, over the page while it is open. */
import type { Thread } from '../desk/thread.ts';
import { offeredReplies } from '../drive/replies.ts';
import { t } from '../texts.ts';
import { Composer } from './composer.ts';
import { h } from './dom.ts';
import { replyButtons } from './drive-message-card.ts';
import { ThreadView, type ThreadViewOptions } from './thread-view.ts';

export interface DriveMessagesOptions extends ThreadViewOptions {
  onSend(text: string): void;
}

export class DriveMessages {
  readonly element = h('dialog', { class: 'drive-messages conversation', 'aria-label': t('Messages') });
  readonly #options: DriveMessagesOptions;
  readonly #view: ThreadView;
  readonly #replies = h('div', { class: 'drive-replies' });
  #shown = '';

  constructor(options: DriveMessagesOptions) {
    this.#options = options;
    this.#view = new ThreadView(options);
    const composer = new Composer({ side: 'driver', onSend: (text) => options.onSend(text) });
    const close = h('button', { type: 'button', class: 'button drive-button' }, t('Close'));
    close.addEventListener('click', () => this.element.close());
    this.element.append(
      h('header', {}, h('h1', {}, t('Messages')), close),
      this.#view.element,
      this.#replies,
      composer.element,
    );
  }

  /** Whether the newest message is in front of somebody. */
  get isSeen(): boolean {
    return this.element.open && this.#view.isAtEnd && document.visibilityState === 'visible';
  }

  open(): void {
    this.element.showModal();
    this.#view.scrollToEnd();
  }

  scrollToEnd(): void {
    this.#view.scrollToEnd();
  }

  /** `version` rises when the thread has changed. */
  show(thread: Thread, version: number, emptyText: string): void {
    const shown = `${version} ${emptyText}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#view.show(thread, emptyText);
    this.#replies.replaceChildren(
      ...replyButtons(offeredReplies(thread.messages), (text) => this.#options.onSend(text)),
    );
  }
}
