/** Speed over time, on uPlot; loaded when the first track is shown. */
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { dayOfRangeText, minuteText, speedNumber, speedUnit } from '../format.ts';
import type { ChartData } from '../history/chart-data.ts';
import type { Span } from '../history/player.ts';
import { h } from './dom.ts';

/** As wide as the names of days beside their strips, so that times lie above each other. */
const LABELS_PX = 80;
const RIGHT_PX = 24;
const SPOT_PX = 4;
const TIME_PX = 64;
const DAY_PX = 96;
const TWO_DAYS_S = 2 * 86_400;

export interface SpeedChartOptions {
  readonly container: HTMLElement;
  readonly zone: string;
  onPick(timeMs: number): void;
  onHover(timeMs: number | null): void;
  /** The reader looks closer at a part, or (by a double click) at all again. */
  onWindow(window: Span): void;
}

export class SpeedChart {
  readonly #options: SpeedChartOptions;
  readonly #colours = h('i', { class: 'chart-colours', 'aria-hidden': 'true' });
  readonly #mark = h('i', { class: 'chart-cursor', hidden: true });
  readonly #plot: uPlot;
  #range: Span = [0, 1];
  #window: Span = [0, 1];
  #cursorMs: number | null = null;

  constructor(options: SpeedChartOptions) {
    this.#options = options;
    const { container } = options;
    container.append(this.#colours);
    this.#plot = new uPlot(this.#setUp(), [[], [], []], container);
    this.#plot.over.append(this.#mark);
    this.#listen();
    new ResizeObserver(() => this.#resize()).observe(container);
  }

  show({ times_s, speedsMps, spotsMps }: ChartData, range: Span): void {
    const shown = (speeds: ChartData['speedsMps']) =>
      speeds.map((speed) => (speed === null ? null : speedNumber(speed)));
    const isNew = range[0] !== this.#range[0] || range[1] !== this.#range[1];
    this.#range = range;
    this.#plot.setData([[...times_s], shown(speedsMps), shown(spotsMps)], false);
    this.#look(isNew ? range : this.#window);
  }

  showCursor(timeMs: number | null): void {
    this.#cursorMs = timeMs;
    const [fromMs, toMs] = this.#window;
    const isHere = timeMs !== null && fromMs <= timeMs && timeMs <= toMs;
    this.#mark.hidden = !isHere;
    if (isHere) this.#mark.style.left = `${this.#plot.valToPos(timeMs / 1_000, 'x')}px`;
  }

  themeChanged(): void {
    this.#plot.redraw(false, true);
  }

  #look(window: Span): void {
    this.#window = window;
    this.#plot.setScale('x', { min: window[0] / 1_000, max: window[1] / 1_000 });
    this.showCursor(this.#cursorMs);
  }

  #listen(): void {
    const { over } = this.#plot;
    const timeAt = ({ clientX }: MouseEvent) =>
      this.#plot.posToVal(clientX - over.getBoundingClientRect().left, 'x') * 1_000;
    over.addEventListener('pointermove', (event) => this.#options.onHover(timeAt(event)));
    over.addEventListener('pointerleave', () => this.#options.onHover(null));
    over.addEventListener('click', (event) => this.#options.onPick(timeAt(event)));
  }

  #setUp(): uPlot.Options {
    const { container, zone, onWindow } = this.#options;
    const colour = (name: 'color' | 'backgroundColor' | 'borderTopColor') => () =>
      getComputedStyle(this.#colours)[name];
    const axis = {
      stroke: colour('backgroundColor'),
      font: '12px system-ui, sans-serif',
      ticks: { show: false },
    };
    const grid = { stroke: colour('borderTopColor'), width: 1 };
    return {
      width: Math.max(container.clientWidth, 1),
      height: Math.max(container.clientHeight, 1),
      padding: [8, RIGHT_PX, 0, 0],
      legend: { show: false },
      tzDate: (time_s) => uPlot.tzDate(new Date(time_s * 1_000), zone),
      cursor: { x: false, y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: { y: { range: (_plot, _min, max) => [0, Math.max(max, 10) * 1.05] } },
      axes: [
        {
          ...axis,
          grid,
          size: 28,
          space: () => (this.#isLong ? DAY_PX : TIME_PX),
          values: (_plot, times_s) => this.#times(times_s),
        },
        {
          ...axis,
          grid,
          size: LABELS_PX,
          values: (_plot, speeds) => speeds.map((speed) => `${speed} ${speedUnit()}`),
        },
      ],
      series: [
        {},
        {
          stroke: colour('color'),
          width: 1,
          points: { show: false },
        },
        {
          stroke: colour('color'),
          paths: () => null,
          points: { show: true, size: SPOT_PX, width: 0, fill: colour('color') },
        },
      ],
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 2) return;
            const window = [
              plot.posToVal(left, 'x') * 1_000,
              plot.posToVal(left + width, 'x') * 1_000,
            ] as const;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            this.#look(window);
            onWindow(window);
          },
        ],
        ready: [
          (plot) =>
            plot.over.addEventListener('dblclick', () => {
              this.#look(this.#range);
              onWindow(this.#range);
            }),
        ],
      },
    };
  }

  /** Days, once there are several; at the right edge is no room. */
  #times(times_s: readonly number[]): string[] {
    const text = this.#isLong ? dayOfRangeText : minuteText;
    return times_s.map((time_s) => (time_s * 1_000 < this.#window[1] ? text(time_s * 1_000) : ''));
  }

  get #isLong(): boolean {
    return (this.#window[1] - this.#window[0]) / 1_000 > TWO_DAYS_S;
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#options.container;
    if (width === 0 || height === 0) return;
    this.#plot.setSize({ width, height });
    this.showCursor(this.#cursorMs);
  }
}
