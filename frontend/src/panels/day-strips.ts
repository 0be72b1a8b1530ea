/** A strip for each day: when the vehicle moved, idled and stood, and of when nothing is known. */
import { dayOfRangeText, minuteText } from '../format.ts';
import { type Doings, shareOf } from '../history/day-strip.ts';
import type { Span } from '../history/player.ts';
import { statusHeading, statusText } from '../status-text.ts';
import { t } from '../texts.ts';
import { letterOf } from './company-bar.ts';
import { h } from './dom.ts';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 1_000;
const HEIGHT = 10;
/** What each doing looks like: shape and colour. */
const TOPS: Readonly<Record<keyof Doings, number>> = { stopped: 6, idle: 3, moving: 0 };
const DOINGS = ['moving', 'idle', 'stopped'] as const satisfies readonly (keyof Doings)[];

export interface StripDay {
  readonly span: Span;
  /** Where the hours are written. */
  readonly hours: readonly number[];
}

/** One vehicle's doings on one day. */
export interface StripRow {
  readonly day: StripDay;
  readonly doings: Doings;
  /** Among several: its place, and its name. */
  readonly own: number | null;
  readonly name: string;
}

export interface DayStripsOptions {
  readonly container: HTMLElement;
  onPick(timeMs: number): void;
  onHover(timeMs: number | null): void;
}

interface Strip {
  readonly span: Span;
  readonly body: HTMLElement;
  readonly mark: HTMLElement;
}

export class DayStrips {
  readonly #options: DayStripsOptions;
  #strips: Strip[] = [];

  constructor(options: DayStripsOptions) {
    this.#options = options;
  }

  /** After `nowMs` there is nothing to know yet. */
  show(rows: readonly StripRow[], nowMs: number): void {
    const { container } = this.#options;
    container.classList.toggle('is-many', rows.length > 1);
    this.#strips = [];
    const isOneDay = new Set(rows.map(({ day }) => day)).size === 1;
    container.replaceChildren(...rows.map((row) => this.#make(row, nowMs, isOneDay)), legend());
  }

  showCursor(timeMs: number | null): void {
    for (const { span, mark } of this.#strips) {
      const isHere = timeMs !== null && span[0] <= timeMs && timeMs < span[1];
      if (mark.hidden === isHere) mark.hidden = !isHere;
      if (isHere) mark.style.left = `${((timeMs - span[0]) / (span[1] - span[0])) * 100}%`;
    }
  }

  #make({ day, doings, own, name }: StripRow, nowMs: number, isOneDay: boolean): HTMLElement {
    const mark = h('i', { class: 'strip-cursor', hidden: true });
    const hours = day.hours.map((timeMs) => hourOf(timeMs, day.span));
    const label = dayOfRangeText(day.span[0]);
    const body = h('div', {
      class: 'strip-body',
      role: 'img',
      'aria-label': saidOf(own === null ? label : `${name}, ${label}`, day.span, doings),
    });
    body.append(drawingOf(day.span, doings, nowMs), ...hours, mark);
    this.#listen(body, day.span);
    this.#strips.push({ span: day.span, body, mark });
    const sign = own === null ? [] : [letterOf(own)];
    return h(
      'div',
      { class: 'strip' },
      h('span', { class: 'strip-day', title: name }, ...sign, own !== null && isOneDay ? name : label),
      body,
    );
  }

  #listen(body: HTMLElement, [fromMs, toMs]: Span): void {
    const timeAt = ({ clientX }: MouseEvent) => {
      const { left, width } = body.getBoundingClientRect();
      return fromMs + Math.min(Math.max((clientX - left) / width, 0), 1) * (toMs - fromMs);
    };
    body.addEventListener('pointermove', (event) => this.#options.onHover(timeAt(event)));
    body.addEventListener('pointerleave', () => this.#options.onHover(null));
    body.addEventListener('click', (event) => this.#options.onPick(timeAt(event)));
  }
}

/** One path for each doing, stretched to the width of the strip; what nobody knows shows the ground. */
function drawingOf(day: Span, doings: Doings, nowMs: number): SVGElement {
  const drawing = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  const known = Object.values(doings).flat();
  drawing.append(pathOf('known', known, day, 0), pathOf('future', [[nowMs, day[1]]], day, 0));
  for (const doing of Object.keys(TOPS) as (keyof Doings)[]) {
    drawing.append(pathOf(doing, doings[doing], day, TOPS[doing]));
  }
  return drawing;
}

function pathOf(name: string, spans: readonly Span[], day: Span, top: number): SVGElement {
  const boxes = spans.flatMap((span) => {
    const share = shareOf(span, day);
    return share === null ? [] : [boxOf(share, top)];
  });
  return svg('path', { class: `strip-${name}`, d: boxes.join('') });
}

function boxOf([from, to]: Span, top: number): string {
  return `M${(from * WIDTH).toFixed(2)} ${top}H${(to * WIDTH).toFixed(2)}V${HEIGHT}H${(from * WIDTH).toFixed(2)}Z`;
}

function hourOf(timeMs: number, [fromMs, toMs]: Span): HTMLElement {
  const label = h('span', { class: 'strip-hour' }, minuteText(timeMs));
  label.style.left = `${((timeMs - fromMs) / (toMs - fromMs)) * 100}%`;
  return label;
}

/** For those who do not see it. */
function saidOf(label: string, day: Span, doings: Doings): string {
  const shares = DOINGS.map((doing) => {
    const share = doings[doing].reduce((sum, span) => {
      const part = shareOf(span, day);
      return part === null ? sum : sum + part[1] - part[0];
    }, 0);
    return `${Math.round(share * 100)} % ${statusText(doing)}`;
  });
  return `${label}: ${shares.join(', ')}`;
}

function legend(): HTMLElement {
  const kinds = [...DOINGS.map((doing) => [doing, statusHeading(doing)]), ['no-data', t('No data')]];
  const items = kinds.map(([kind, word]) =>
    h('span', {}, h('i', { class: `strip-key is-${kind}` }), word ?? ''),
  );
  return h('p', { class: 'strip-legend' }, ...items);
}

function svg(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
