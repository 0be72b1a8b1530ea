/** The time of now in the zone that the reader has chosen. */
import { clockText } from '../format.ts';
import { h, Text } from './dom.ts';

export class WallClock {
  readonly #text = new Text();

  /** `zone` by its IANA name. */
  constructor(before: HTMLElement, zone: string) {
    before.before(h('time', { class: 'wall-clock', title: zone }, this.#text.node));
  }

  show(nowMs: number): void {
    this.#text.show(clockText(nowMs));
  }
}
