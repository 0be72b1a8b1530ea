/** What a driver sees while driving: one button, and in words how it is. */
import type { ThreadMessage } from '../desk/thread.ts';
import { type DriveState, headline, type Line, lines } from '../drive/words.ts';
import { mark, t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { DriveMessageCard } from './drive-message-card.ts';
import { languageLine } from './language-select.ts';

export interface DriveViewOptions {
  readonly name: string;
  readonly plate: string;
  onStart(): void;
  onStop(): void;
  onPair(): void;
  onDuty(): void;
  onMessages(): void;
  onForget(): void;
  onTheme(): void;
  onRead(): void;
  onReply(text: string): void;
}

const LABELS = { start: mark('Start'), stop: mark('Stop'), pair: mark('Pair again') } as const;

export class DriveView {
  readonly element: HTMLElement;
  readonly #options: DriveViewOptions;
  readonly #headline = new Text();
  readonly #note = new Text();
  readonly #head: HTMLElement;
  readonly #button = h('button', { type: 'button', class: 'drive-main' });
  readonly #lines = h('dl', { class: 'drive-lines' });
  readonly #duty = h('button', {
    type: 'button',
    class: 'drive-duty',
    role: 'switch',
    'aria-checked': 'false',
  });
  readonly #dutyNote = new Text();
  readonly #unread = new Text();
  readonly #messages: HTMLButtonElement;
  readonly #card: DriveMessageCard;
  #shown = '';
  #does: keyof typeof LABELS = 'start';

  constructor(options: DriveViewOptions) {
    this.#options = options;
    this.#card = new DriveMessageCard(options);
    this.#head = h(
      'section',
      { class: 'drive-head', role: 'status' },
      h('h1', {}, this.#headline.node),
      h('p', {}, this.#note.node),
    );
    this.#button.addEventListener('click', () => this.#press());
    this.#duty.append(h('span', {}, t('Off duty')), h('small', {}, this.#dutyNote.node));
    this.#duty.addEventListener('click', () => options.onDuty());
    this.#messages = h('button', { type: 'button', class: 'button drive-button' }, t('Messages'));
    this.#messages.append(' ', h('span', { class: 'badge' }, this.#unread.node));
    this.#messages.addEventListener('click', () => options.onMessages());
    this.element = h(
      'div',
      { class: 'drive-view' },
      this.#bar(),
      this.#head,
      this.#card.element,
      this.#button,
      this.#lines,
      h('div', { class: 'drive-foot' }, this.#duty, this.#messages),
    );
  }

  show(state: DriveState, nowMs: number): void {
    const { text, note, tone } = headline(state, nowMs);
    this.#headline.show(text);
    this.#note.show(note);
    this.#head.dataset.tone = tone;
    const isOff = state.offSinceMs !== null;
    this.#does = state.isUnpaired ? 'pair' : state.isStarted ? 'stop' : 'start';
    this.#button.hidden = isOff && !state.isUnpaired;
    const label = t(LABELS[this.#does]);
    if (this.#button.textContent !== label) this.#button.textContent = label;
    this.#button.classList.toggle('is-started', this.#does === 'stop');
    this.#duty.setAttribute('aria-checked', String(isOff));
    this.#dutyNote.show(dutyNote(state));
    this.#showLines(lines(state, nowMs));
  }

  /** Those that were not seen yet, in their order. */
  showMessages(unseen: readonly ThreadMessage[]): void {
    this.#unread.show(unseen.length === 0 ? '' : String(unseen.length));
    this.#card.show(unseen.at(-1) ?? null, unseen.length);
  }

  #press(): void {
    const { onStart, onStop, onPair } = this.#options;
    ({ start: onStart, stop: onStop, pair: onPair })[this.#does]();
  }

  #showLines(shown: readonly Line[]): void {
    const text = JSON.stringify(shown);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#lines.replaceChildren(
      ...shown.map((line) =>
        h('div', { 'data-tone': line.tone }, h('dt', {}, line.name), h('dd', {}, line.text)),
      ),
    );
  }

  #bar(): HTMLElement {
    const { name, plate, onForget, onTheme } = this.#options;
    const theme = h('button', { type: 'button' }, t('Light or dark'));
    const forget = h('button', { type: 'button' }, t('Unpair this phone'));
    theme.addEventListener('click', onTheme);
    forget.addEventListener('click', onForget);
    const menu = h(
      'details',
      { class: 'menu' },
      h('summary', { class: 'button is-bare', 'aria-label': t('Menu') }, '☰'),
      h('div', { class: 'menu-items' }, theme, languageLine(), forget),
    );
    menu.addEventListener('click', (event) => {
      if (event.target instanceof HTMLButtonElement) menu.open = false;
    });
    return h('header', { class: 'drive-bar' }, h('b', {}, name), h('span', {}, plate), menu);
  }
}

function dutyNote({ offSinceMs, isSwitchUntold }: DriveState): string {
  if (isSwitchUntold) return t('kept; the server hears of it once there is network');
  return offSinceMs === null ? t('your own time: nothing is recorded') : t('switch off when back at work');
}
