/** A minute of the four ways as lines; the style sheet gives their colours. */
import { h, Text } from '../panels/dom.ts';
import { t } from '../texts.ts';
import { pathOf, roundTop, type Value } from './chart-scale.ts';
import type { WayName } from './way.ts';
import { WAYS } from './ways.ts';

export const CHART_S = 60;
const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 600;
const HEIGHT = 160;

export interface ChartOptions {
  readonly container: HTMLElement;
  readonly title: string;
  readonly note: string;
  /** The axis never ends below it. */
  readonly leastTop: number;
  readonly text: (value: number) => string;
}

export class ChartView {
  readonly #options: ChartOptions;
  readonly #top = new Text();
  readonly #middle = new Text();
  readonly #lines: readonly SVGPathElement[];

  constructor(options: ChartOptions) {
    this.#options = options;
    const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none' });
    const grid = [0, 0.5, 1].map((share) =>
      svg('path', { class: 'chart-grid', d: `M0 ${share * HEIGHT}H${WIDTH}` }),
    );
    this.#lines = WAYS.map(({ name }) => svg('path', { class: 'chart-line', 'data-way': name }));
    // Thick first, so that equal lines are both seen.
    picture.append(...grid, ...this.#lines.toReversed());
    picture.setAttribute('role', 'img');
    picture.setAttribute(
      'aria-label',
      t('{title}; the columns above tell the figures', { title: options.title }),
    );
    options.container.append(
      h('h2', {}, options.title),
      h('p', { class: 'soft' }, options.note),
      h('p', { class: 'legend soft' }, ...WAYS.map(({ name, title }) => legendOf(name, t(title)))),
      h(
        'div',
        { class: 'chart' },
        h(
          'div',
          { class: 'chart-axis' },
          h('span', {}, this.#top.node),
          h('span', {}, this.#middle.node),
          h('span', {}, '0'),
        ),
        picture,
        h(
          'div',
          { class: 'chart-foot' },
          h('span', {}, t('{age} ago', { age: `${CHART_S} s` })),
          h('span', {}, t('now')),
        ),
      ),
    );
  }

  /** One list of values a way, in the order of WAYS. */
  show(lines: readonly (readonly Value[])[]): void {
    const { leastTop, text } = this.#options;
    const top = roundTop(lines, leastTop);
    this.#top.show(text(top));
    this.#middle.show(text(top / 2));
    const box = { width: WIDTH, height: HEIGHT, count: CHART_S, top };
    lines.forEach((values, index) => {
      this.#lines[index]?.setAttribute('d', pathOf(values, box));
    });
  }
}

function legendOf(name: WayName, title: string): HTMLElement {
  const sample = svg('svg', { viewBox: '0 0 24 10', class: 'legend-line', 'aria-hidden': 'true' });
  sample.append(svg('path', { class: 'chart-line', 'data-way': name, d: 'M0 5H24' }));
  const label = h('span', {}, title);
  label.prepend(sample);
  return label;
}

function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
