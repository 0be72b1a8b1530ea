/** Region, polling interval, and the buttons for all ways at once. */
import type { RegionShape } from '../map/types.ts';
import { h, mountPoint } from '../panels/dom.ts';
import { numberText, t } from '../texts.ts';

export interface ControlListener {
  /** Another region or interval. */
  readonly changed: () => void;
  readonly startAll: () => void;
  readonly stopAll: () => void;
  readonly measureCpu: () => void;
}

/** Where the slider stops, in s: near steps where they matter. */
const INTERVALS_S = [0.25, 0.5, 1, 2, 3, 5, 10, 15, 20, 30] as const;

export class Controls {
  readonly #region = mountPoint('region') as HTMLSelectElement;
  readonly #interval = mountPoint('interval') as HTMLInputElement;
  readonly #intervalText = mountPoint('interval-text');
  readonly #buttons = {
    startAll: mountPoint('start-all') as HTMLButtonElement,
    stopAll: mountPoint('stop-all') as HTMLButtonElement,
    measureCpu: mountPoint('measure-cpu') as HTMLButtonElement,
  };
  readonly #state = mountPoint('lab-state');
  readonly #ways = mountPoint('ways');

  /** Without the right to all regions at once, the first is chosen. */
  constructor(regions: readonly RegionShape[], everything: boolean) {
    if (everything) this.#region.append(h('option', { value: 'all' }, t('All regions')));
    this.#region.append(...regions.map(({ slug, name }) => h('option', { value: slug }, name)));
    this.#interval.max = String(INTERVALS_S.length - 1);
    this.#showInterval();
  }

  get channel(): string {
    return `region:${this.#region.value}`;
  }

  get pollEveryMs(): number {
    return this.#interval_s * 1000;
  }

  get #interval_s(): number {
    return INTERVALS_S[this.#interval.valueAsNumber] ?? 1;
  }

  listen(listener: ControlListener): void {
    this.#region.addEventListener('change', listener.changed);
    this.#interval.addEventListener('input', () => this.#showInterval());
    this.#interval.addEventListener('change', listener.changed);
    for (const name of ['startAll', 'stopAll', 'measureCpu'] as const) {
      this.#buttons[name].addEventListener('click', listener[name]);
    }
  }

  /** What is going on, for who waits. */
  say(text: string): void {
    this.#state.textContent = text;
  }

  /** Nothing may be changed while something is measured. */
  lock(isLocked: boolean): void {
    this.#ways.inert = isLocked;
    for (const control of [this.#region, this.#interval, ...Object.values(this.#buttons)]) {
      control.disabled = isLocked;
    }
  }

  #showInterval(): void {
    const text = `${numberText(this.#interval_s, this.#interval_s % 1 === 0 ? 0 : 2)} s`;
    this.#intervalText.textContent = text;
    this.#interval.setAttribute('aria-valuetext', text);
  }
}
