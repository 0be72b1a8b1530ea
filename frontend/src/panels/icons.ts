/** Small drawings, defined once and referred to; a status has the shape that the map gives it. */

import type { DrawStatus } from '../map/types.ts';
import { STATUS_NAMES } from '../status.ts';

type Shape = readonly [tag: string, attributes: Readonly<Record<string, string>>];
export type IconName =
  | 'dot'
  | 'sun'
  | 'follow'
  | 'close'
  | 'search'
  | 'keys'
  | 'labels'
  | 'fit'
  | 'enter'
  | 'exit'
  | 'pass'
  | 'message'
  | 'answer'
  | 'gap'
  | 'alert'
  | 'snooze'
  | 'log'
  | 'collapse'
  | 'go'
  | 'trail'
  | 'ruler'
  | 'camera'
  | 'share'
  | 'play'
  | 'pause'
  | 'earlier'
  | 'later'
  | 'export'
  | 'past';

const SVG = 'http://www.w3.org/2000/svg';

const STATUS_SHAPES: Readonly<Record<(typeof STATUS_NAMES)[number], readonly Shape[]>> = {
  unknown: [['circle', { r: '3.5', class: 'fill' }]],
  moving: [['path', { d: 'M0-9 6.2 7 0 3.8-6.2 7Z', class: 'fill' }]],
  idle: [['circle', { r: '4.6', class: 'thick' }]],
  stopped: [['rect', { x: '-4.5', y: '-4.5', width: '9', height: '9', class: 'fill' }]],
  stale: [['path', { d: 'M0-6.5 6.5 0 0 6.5-6.5 0Z', class: 'line' }]],
  offline: [
    ['circle', { r: '5.2', class: 'line' }],
    ['path', { d: 'M-3.7 3.7 3.7-3.7', class: 'line' }],
  ],
  alarm: [
    ['circle', { r: '9', class: 'halo' }],
    ['circle', { r: '5', class: 'fill' }],
  ],
};

const ICON_SHAPES: Readonly<Record<IconName, readonly Shape[]>> = {
  snooze: [
    ['path', { d: 'M-6 4.5H6L4.5 2.5V-1.5A4.5 4.5 0 0 0-4.5-1.5V2.5Z', class: 'line' }],
    ['path', { d: 'M-1.5 7.5H1.5M-7-7 7 7', class: 'line' }],
  ],
  dot: [['circle', { r: '5', class: 'fill' }]],
  sun: [
    ['circle', { r: '7', class: 'line' }],
    ['path', { d: 'M0-7A7 7 0 0 1 0 7Z', class: 'fill' }],
  ],
  follow: [
    ['circle', { r: '6', class: 'line' }],
    ['circle', { r: '2', class: 'fill' }],
    ['path', { d: 'M0-9V-6M0 6V9M-9 0H-6M6 0H9', class: 'line' }],
  ],
  close: [['path', { d: 'M-5-5 5 5M5-5-5 5', class: 'line' }]],
  search: [
    ['circle', { cx: '-1.5', cy: '-1.5', r: '5', class: 'line' }],
    ['path', { d: 'M2.5 2.5 7 7', class: 'line' }],
  ],
  keys: [
    ['rect', { x: '-9', y: '-6', width: '18', height: '12', rx: '2', class: 'line' }],
    ['path', { d: 'M-5.5-2h.1M-2-2h.1M2-2h.1M5.5-2h.1M-4 2.5H4', class: 'line' }],
  ],
  labels: [['path', { d: 'M-8-4H3L8 0 3 4H-8Z', class: 'line' }]],
  enter: [
    ['path', { d: 'M1-7H7V7H1', class: 'line' }],
    ['path', { d: 'M-8 0H2M-1.5-3.5 2 0-1.5 3.5', class: 'line' }],
  ],
  exit: [
    ['path', { d: 'M-1-7H-7V7H-1', class: 'line' }],
    ['path', { d: 'M-2 0H8M4.5-3.5 8 0 4.5 3.5', class: 'line' }],
  ],
  pass: [
    ['path', { d: 'M0-8V-4M0 4V8', class: 'line' }],
    ['path', { d: 'M-8 0H8M4.5-3.5 8 0 4.5 3.5', class: 'line' }],
  ],
  message: [['path', { d: 'M-7-6H7V4H-2L-6 8V4H-7Z', class: 'line' }]],
  answer: [['path', { d: 'M7-6H-7V4H2L6 8V4H7Z', class: 'fill' }]],
  collapse: [['path', { d: 'M-6-5-1 0-6 5M1-5 6 0 1 5', class: 'line' }]],
  share: [
    ['circle', { cx: '-5', cy: '0', r: '2.4', class: 'line' }],
    ['circle', { cx: '5', cy: '-5.5', r: '2.4', class: 'line' }],
    ['circle', { cx: '5', cy: '5.5', r: '2.4', class: 'line' }],
    ['path', { d: 'M-2.8-1.2 2.8-4.4M-2.8 1.2 2.8 4.4', class: 'line' }],
  ],
  go: [['path', { d: 'M0 8C-4 3-6 1-6-2A6 6 0 0 1 6-2C6 1 4 3 0 8ZM-1.5-2H1.5', class: 'line' }]],
  trail: [
    ['path', { d: 'M-7 7C-1 7-6-1 0-1 4-1 3-4 3-4', class: 'line' }],
    ['path', { d: 'M4-9 8-2 3.5-3.6 0-2Z', class: 'fill' }],
  ],
  ruler: [['path', { d: 'M-9 4 4-9 9-4-4 9ZM-5.5.5-3.5 2.5M-2-3 1 0M1.5-6.5 3.5-4.5', class: 'line' }]],
  camera: [
    ['path', { d: 'M-9-4H-4L-2.5-7H2.5L4-4H9V7H-9Z', class: 'line' }],
    ['circle', { cy: '1', r: '3.2', class: 'line' }],
  ],
  alert: [
    ['path', { d: 'M0-7.5 8 6.5H-8Z', class: 'line' }],
    ['path', { d: 'M0-2.5V2M0 4V4.6', class: 'line' }],
  ],
  play: [['path', { d: 'M-5-7 7 0-5 7Z', class: 'fill' }]],
  pause: [['path', { d: 'M-6-7H-2V7H-6ZM2-7H6V7H2Z', class: 'fill' }]],
  earlier: [['path', { d: 'M3-6-3 0 3 6', class: 'line' }]],
  later: [['path', { d: 'M-3-6 3 0-3 6', class: 'line' }]],
  past: [
    ['path', { d: 'M-7-2A7 7 0 1 1-6 4', class: 'line' }],
    ['path', { d: 'M-9-6-7-2-3-4M0-4V1L3 3', class: 'line' }],
  ],
  export: [['path', { d: 'M0-8V3M-4-1 0 3 4-1M-7 4V7H7V4', class: 'line' }]],
  gap: [['path', { d: 'M-8 0H-5M-2 0H2M5 0H8', class: 'line' }]],
  log: [['path', { d: 'M-7-5H-6M-3-5H7M-7 0H-6M-3 0H7M-7 5H-6M-3 5H7', class: 'line' }]],
  fit: [['path', { d: 'M-8-3V-7H-4M4-7H8V-3M8 3V7H4M-4 7H-8V3', class: 'line' }]],
};

/** Once a page, before any icon is shown. */
export function defineIcons(): void {
  const sheet = svg('svg', { class: 'icon-sheet', 'aria-hidden': 'true' });
  for (const [name, shapes] of Object.entries({ ...STATUS_SHAPES, ...ICON_SHAPES })) {
    const symbol = svg('symbol', { id: `icon-${name}`, viewBox: '-10 -10 20 20' });
    symbol.append(...shapes.map(([tag, attributes]) => svg(tag, attributes)));
    sheet.append(symbol);
  }
  document.body.append(sheet);
}

export function icon(name: IconName): SVGElement {
  const element = svg('svg', { class: 'icon', 'aria-hidden': 'true' });
  element.append(svg('use', { href: `#icon-${name}` }));
  return element;
}

/** One that changes. */
export class Icon {
  readonly element = svg('svg', { class: 'icon', 'aria-hidden': 'true' });
  readonly #use = svg('use', {});
  #name = '';

  constructor() {
    this.element.append(this.#use);
  }

  show(name: IconName): void {
    if (name !== this.#name) this.#use.setAttribute('href', `#icon-${name}`);
    this.#name = name;
  }
}

/** An arrow points where the vehicle goes, a dot goes who knows where. */
export class StatusIcon {
  readonly element = svg('svg', { class: 'icon', 'aria-hidden': 'true' });
  readonly #use = svg('use', {});
  #name = '';
  #turn = '';

  constructor() {
    this.element.append(this.#use);
  }

  show(status: DrawStatus, headingDeg: number | null): void {
    const isArrow = status === 1 && headingDeg !== null;
    const turn = isArrow ? `rotate(${Math.round(headingDeg)}deg)` : '';
    if (turn !== this.#turn) this.element.style.transform = turn;
    this.#turn = turn;
    this.element.setAttribute('data-status', STATUS_NAMES[status]);
    const name = status === 1 && !isArrow ? 'dot' : STATUS_NAMES[status];
    if (name !== this.#name) this.#use.setAttribute('href', `#icon-${name}`);
    this.#name = name;
  }
}

function svg(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
