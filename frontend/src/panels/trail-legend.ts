/** What the colours of trails mean; shown while there is a trail. */
import { speedNumber, speedUnit } from '../format.ts';
import { t } from '../texts.ts';
import { CLASS_LIMITS_MPS, SPEED_CLASSES } from '../trails/speed-classes.ts';
import { h, Text } from './dom.ts';

export class TrailLegend {
  readonly #element: HTMLElement;
  readonly #unit = new Text();
  readonly #limits = CLASS_LIMITS_MPS.map(() => new Text());
  readonly #note = new Text();

  constructor(container: HTMLElement) {
    const swatches = Array.from({ length: SPEED_CLASSES }, (_, speed) =>
      h('i', { class: `speed-${speed}` }, ...this.#limitBefore(speed)),
    );
    this.#element = h(
      'div',
      { class: 'trail-legend', role: 'note', 'aria-label': t('Colours of trails'), hidden: true },
      h('span', {}, this.#unit.node),
      h('span', { class: 'trail-scale' }, ...swatches),
      h('span', { class: 'trail-note' }, this.#note.node),
    );
    container.append(this.#element);
  }

  show({ isShown, note }: { readonly isShown: boolean; readonly note: string }): void {
    if (this.#element.hidden === isShown) this.#element.hidden = !isShown;
    if (!isShown) return;
    this.#unit.show(speedUnit());
    this.#note.show(note);
    CLASS_LIMITS_MPS.forEach((limit, i) => {
      this.#limits[i]?.show(String(speedNumber(limit)));
    });
  }

  #limitBefore(speed: number): HTMLElement[] {
    const limit = this.#limits[speed - 1];
    return limit === undefined ? [] : [h('b', {}, limit.node)];
  }
}
