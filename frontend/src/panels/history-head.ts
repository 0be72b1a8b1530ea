/** The figures of the range, and where files of it are to be had. */
import { distanceText, durationText, speedText } from '../format.ts';
import type { Download } from '../history/downloads.ts';
import type { DayTotals } from '../history/figures.ts';
import { statusHeading } from '../status-text.ts';
import { t } from '../texts.ts';
import { letterOf } from './company-bar.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

export class HistoryFigures {
  readonly #container: HTMLElement;

  constructor(container: HTMLElement) {
    this.#container = container;
  }

  /** Null: there is nothing to count. */
  show(totals: DayTotals | null): void {
    this.#container.hidden = totals === null;
    if (totals === null) return;
    const facts = [
      [t('Distance'), distanceText(totals.distance_m)],
      [t('Trips'), String(totals.trips)],
      [t('At most'), speedText(totals.max_speed_mps)],
      [statusHeading('moving'), durationText(totals.moving_s)],
      [statusHeading('idle'), durationText(totals.idle_s)],
      [statusHeading('stopped'), durationText(totals.stopped_s)],
    ] as const;
    this.#container.replaceChildren(
      ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    );
  }
}

/** Files of one vehicle; with a heading when there are several. */
export interface DownloadGroup {
  readonly own: number | null;
  readonly name: string;
  readonly downloads: readonly Download[];
}

export class ExportMenu {
  readonly element = h('details', { class: 'menu export-menu' });
  readonly #items = h('div', { class: 'menu-items' });

  constructor(container: HTMLElement, onPrint: () => void) {
    const print = h('button', { type: 'button' }, t('Print'));
    print.addEventListener('click', () => {
      this.element.open = false;
      onPrint();
    });
    this.element.append(
      h('summary', { class: 'button' }, icon('export'), h('span', {}, t('Export'))),
      this.#items,
    );
    this.#items.append(print);
    container.append(this.element);
  }

  /** In their order, above printing. */
  show(groups: readonly DownloadGroup[]): void {
    for (const old of this.#items.querySelectorAll('a, p')) old.remove();
    this.element.hidden = groups.every(({ downloads }) => downloads.length === 0);
    const links = groups.flatMap(({ own, name, downloads }) => [
      ...(own === null ? [] : [h('p', {}, letterOf(own), name)]),
      ...downloads.map((one) => h('a', { href: one.address, download: one.file }, one.name)),
    ]);
    this.#items.prepend(...links);
  }
}
