/** The last twenty frames of one way, one line each, and one of them whole. */
import { clockText } from '../format.ts';
import { h } from '../panels/dom.ts';
import { mark, t } from '../texts.ts';
import { readable, titleOf } from './readable.ts';
import { bytesText } from './texts.ts';
import type { WayName } from './way.ts';
import type { KeptPassage } from './way-run.ts';
import { WAYS } from './ways.ts';

const ARROWS = { up: '↑', down: '↓' } as const;
const DIRECTIONS = { up: mark('sent'), down: mark('received') };

export class FrameViewer {
  readonly #tabs = new Map<WayName, HTMLButtonElement>();
  readonly #pause = h('button', { class: 'button', type: 'button' });
  readonly #list = h('ol', { class: 'frame-list', 'aria-label': t('Frames, newest first') });
  readonly #text = h('pre', { class: 'frame-text', tabindex: '0', 'aria-label': t('The frame') });
  readonly #passagesOf: (name: WayName) => readonly KeptPassage[];
  #shown: WayName = 'websocket';
  #isPaused = false;
  #newest: KeptPassage | undefined;

  constructor(container: HTMLElement, passagesOf: (name: WayName) => readonly KeptPassage[]) {
    this.#passagesOf = passagesOf;
    for (const { name, title } of WAYS) {
      const tab = h('button', { class: 'chip', type: 'button', 'data-way': name }, t(title));
      tab.prepend(h('span', { class: 'way-mark' }));
      tab.addEventListener('click', () => this.#choose(name));
      this.#tabs.set(name, tab);
    }
    this.#pause.addEventListener('click', () => this.#hold(!this.#isPaused));
    this.#list.addEventListener('pointerdown', () => this.#hold(true)); // else it might not be there at the release
    container.append(
      h(
        'div',
        { class: 'frame-tools' },
        h(
          'div',
          { class: 'frame-tabs', role: 'group', 'aria-label': t('Frames of') },
          ...this.#tabs.values(),
        ),
        this.#pause,
      ),
      h('div', { class: 'frames' }, this.#list, this.#text),
    );
    this.#hold(false);
    this.#choose(this.#shown);
  }

  /** Does nothing while the reader reads. */
  refresh(): void {
    if (!this.#isPaused) this.#draw();
  }

  #choose(name: WayName): void {
    this.#shown = name;
    for (const [other, tab] of this.#tabs) tab.setAttribute('aria-pressed', String(other === name));
    this.#hold(false);
    this.#newest = undefined;
    this.#draw();
  }

  #hold(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#pause.textContent = isPaused ? t('Go on') : t('Pause');
    this.#pause.setAttribute('aria-pressed', String(isPaused));
  }

  #draw(): void {
    const passages = this.#passagesOf(this.#shown);
    const newest = passages.at(-1);
    if (newest === this.#newest && newest !== undefined) return;
    this.#newest = newest;
    this.#list.replaceChildren(...passages.toReversed().map((passage) => this.#line(passage)));
    this.#showWhole(passages.findLast(({ direction }) => direction === 'down') ?? newest);
  }

  #line(passage: KeptPassage): HTMLElement {
    const { direction, headerBytes, payloadBytes, atMs } = passage;
    const button = h(
      'button',
      { type: 'button' },
      h('span', { class: 'soft' }, clockText(atMs)),
      h('span', { title: t(DIRECTIONS[direction]) }, ARROWS[direction]),
      h('span', { class: 'frame-title' }, titleOf(passage)),
      h('span', { class: 'soft' }, bytesText(headerBytes + payloadBytes)),
    );
    button.addEventListener('click', () => {
      this.#hold(true);
      this.#mark(button);
      this.#showWhole(passage);
    });
    return h('li', {}, button);
  }

  #mark(chosen: HTMLElement): void {
    for (const button of this.#list.querySelectorAll('button')) {
      button.setAttribute('aria-current', String(button === chosen));
    }
  }

  #showWhole(passage: KeptPassage | undefined): void {
    this.#text.textContent = passage === undefined ? t('Nothing has passed yet.') : wholeText(passage);
  }
}

function wholeText({ head, body }: KeptPassage): string {
  return body === '' ? head : `${head.trimEnd()}\n\n${readable(body)}`;
}
