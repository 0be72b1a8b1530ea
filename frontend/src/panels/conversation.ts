/** The selected vehicle's driver: whether connected, what was written, and where to write. */
import { type DriverPresence, driverOf } from '../desk/people.ts';
import { presenceText } from '../desk/presence-text.ts';
import type { Thread } from '../desk/thread.ts';
import type { Person } from '../protocol.ts';
import { t } from '../texts.ts';
import { Composer } from './composer.ts';
import { h, Text } from './dom.ts';
import { ThreadView, type ThreadViewOptions } from './thread-view.ts';

export interface ConversationOptions extends ThreadViewOptions {
  readonly container: HTMLElement;
  onSend(text: string, answers: readonly string[]): void;
}

export interface ConversationState {
  readonly vehicle: string;
  readonly thread: Thread;
  /** Rises when the thread has changed. */
  readonly version: number;
  /** Who is in the vehicle's room; null: not told. */
  readonly people: readonly Person[] | null;
  readonly others: readonly string[];
  /** Instead of messages, when there are none. */
  readonly emptyText: string;
  /** Why it is not as it should be; empty: it is. */
  readonly problem: string;
  readonly nowMs: number;
}

export class Conversation {
  readonly #view: ThreadView;
  readonly #composer: Composer;
  readonly #presence = new Text();
  readonly #presenceLine: HTMLElement;
  readonly #others = new Text();
  readonly #problem = new Text();
  readonly #problemLine: HTMLElement;
  readonly #unread = new Text();
  #shown = '';

  constructor(options: ConversationOptions) {
    this.#view = new ThreadView(options);
    this.#composer = new Composer(options);
    this.#presenceLine = h('span', { class: 'presence' }, this.#presence.node);
    this.#problemLine = h(
      'p',
      { class: 'conversation-problem', role: 'status', hidden: true },
      this.#problem.node,
    );
    const title = h('h3', {}, t('Driver'), h('span', { class: 'badge' }, this.#unread.node));
    options.container.append(
      h('header', {}, title, this.#presenceLine),
      h('p', { class: 'conversation-others' }, this.#others.node),
      this.#view.element,
      this.#problemLine,
      this.#composer.element,
    );
  }

  /** Whether the newest message is in sight. */
  get isAtEnd(): boolean {
    return this.#view.isAtEnd;
  }

  show(state: ConversationState): void {
    const { vehicle, thread, people, others, problem, nowMs } = state;
    this.#showPresence(driverOf(people, vehicle), nowMs);
    this.#others.show(others.length === 0 ? '' : t('Also here: {names}', { names: others.join(', ') }));
    this.#problem.show(problem);
    this.#problemLine.hidden = problem === '';
    this.#unread.show(thread.unread.length === 0 ? '' : String(thread.unread.length));
    this.#composer.turnTo(vehicle);
    const shown = `${vehicle} ${state.version} ${state.emptyText}`;
    if (shown === this.#shown) return;
    if (!this.#shown.startsWith(`${vehicle} `)) this.#view.clear();
    this.#shown = shown;
    this.#view.show(thread, state.emptyText);
  }

  focus(): void {
    this.#composer.focus();
  }

  scrollToEnd(): void {
    this.#view.scrollToEnd();
  }

  #showPresence(driver: DriverPresence, nowMs: number): void {
    this.#presenceLine.dataset.state = driver.state;
    this.#presence.show(presenceText(driver, nowMs));
  }
}
