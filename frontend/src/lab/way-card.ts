/** One column: what a way is, whether it runs, and its figures. */
import { countText, UNKNOWN_TEXT } from '../format.ts';
import { h, Text } from '../panels/dom.ts';
import { type Marked, mark, t } from '../texts.ts';
import type { CpuShare } from './cpu-share.ts';
import type { Figures } from './meter.ts';
import { bytesText, cpuText, secondsText } from './texts.ts';
import type { WayState } from './way.ts';
import type { Way } from './ways.ts';

const STATES: Readonly<Record<WayState | 'stopped', Marked>> = {
  stopped: mark('not running'),
  connecting: mark('connecting'),
  open: mark('running'),
  retrying: mark('trying again'),
  refused: mark('refused by the server'),
};

export class WayCard {
  readonly element: HTMLElement;
  readonly #button = h('button', { class: 'button', type: 'button' });
  readonly #state = new Text();
  readonly #cells = new Map<string, Text>();

  constructor(way: Way, onToggle: () => void) {
    this.#button.addEventListener('click', onToggle);
    this.element = h(
      'article',
      { class: 'card way', 'data-way': way.name, 'aria-label': t(way.title) },
      h(
        'header',
        {},
        h('h2', {}, h('span', { class: 'way-mark' }), t(way.title)),
        h('span', { class: 'way-state' }, this.#state.node),
        this.#button,
      ),
      h('p', { class: 'soft' }, t(way.how)),
      h('p', { class: 'way-headline' }, this.#strong('perUpdate'), ` ${t('an update')}`),
      table(['', t('headers'), t('payload')], [this.#row(t('Up'), 'up'), this.#row(t('Down'), 'down')]),
      table(
        ['', 'p50', 'p99'],
        [this.#row(t('Age on arrival'), 'arrival'), this.#row(t('Age when replaced'), 'replaced')],
      ),
      h(
        'dl',
        {},
        ...this.#pair(t('Requests'), 'requests'),
        ...this.#pair(t('Updates'), 'updates'),
        ...this.#pair(t('Server CPU an update'), 'cpu'),
      ),
    );
    this.showCpu(null);
  }

  show(figures: Figures, state: WayState | 'stopped'): void {
    this.#state.show(t(STATES[state]));
    this.element.dataset.state = state;
    this.#button.textContent = state === 'stopped' ? t('Start') : t('Stop');
    this.#put('perUpdate', bytesText(figures.bytesPerUpdate));
    for (const way of ['up', 'down'] as const) {
      this.#put(`${way}-1`, bytesText(figures[way].headers));
      this.#put(`${way}-2`, bytesText(figures[way].payload));
    }
    for (const [name, { p50, p99 }] of [
      ['arrival', figures.arrivalMs],
      ['replaced', figures.replacedMs],
    ] as const) {
      this.#put(`${name}-1`, secondsText(p50));
      this.#put(`${name}-2`, secondsText(p99));
    }
    this.#put('requests', countText(figures.requests));
    this.#put('updates', countText(figures.updates));
  }

  /** Null: not measured. */
  showCpu(share: CpuShare | null): void {
    this.#put('cpu', share === null ? UNKNOWN_TEXT : cpuText(share));
  }

  #put(name: string, text: string): void {
    this.#cells.get(name)?.show(text);
  }

  #cell(name: string): Text {
    const cell = new Text();
    this.#cells.set(name, cell);
    return cell;
  }

  #strong(name: string): HTMLElement {
    return h('strong', { 'data-figure': name }, this.#cell(name).node);
  }

  #row(label: string, name: string): HTMLElement {
    const cells = [1, 2].map((column) =>
      h('td', { 'data-figure': `${name}-${column}` }, this.#cell(`${name}-${column}`).node),
    );
    return h('tr', {}, h('th', { scope: 'row' }, label), ...cells);
  }

  #pair(label: string, name: string): HTMLElement[] {
    return [h('dt', {}, label), h('dd', { 'data-figure': name }, this.#cell(name).node)];
  }
}

function table(heads: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  const cells = heads.map((head) => (head === '' ? h('td') : h('th', { scope: 'col' }, head)));
  return h('table', {}, h('thead', {}, h('tr', {}, ...cells)), h('tbody', {}, ...rows));
}
