/** The regions that may be edited, and what else can be done with all of them. */
import type { RegionShape } from '../map/types.ts';
import { t } from '../texts.ts';
import { h } from './dom.ts';
import { swatch } from './region-chips.ts';

export interface RegionPermissions {
  readonly add: boolean;
  readonly change: boolean;
  readonly delete: boolean;
}

export interface RegionListOptions {
  readonly may: RegionPermissions;
  /** Whether rules of theirs may be kept. */
  readonly hasRules: boolean;
  readonly exportUrl: string;
  onAdd(): void;
  onPick(slug: string): void;
  onFile(file: File): void;
}

export class RegionList {
  readonly element: HTMLElement;
  readonly #rows = h('ul', { class: 'region-rows' });
  readonly #add = h('button', { class: 'button is-main', type: 'button' }, t('Draw a region'));
  readonly #options: RegionListOptions;

  constructor(options: RegionListOptions) {
    const { may, exportUrl } = options;
    this.#options = options;
    this.#add.addEventListener('click', () => options.onAdd());
    this.#add.hidden = !may.add;
    const save = h('a', { class: 'button', href: exportUrl, download: true }, t('Export GeoJSON'));
    const foot = h('div', { class: 'region-files' }, save);
    if (may.add || may.change) foot.append(...this.#fileButton());
    this.#rows.hidden = !may.change && !may.delete && !options.hasRules;
    this.element = h('div', { class: 'region-list' }, this.#add, this.#rows, foot);
  }

  show(regions: readonly RegionShape[]): void {
    const focused = this.#rows.contains(document.activeElement) ? document.activeElement : null;
    const rows = regions.map((region) => h('li', {}, this.#row(region)));
    this.#rows.replaceChildren(
      ...(rows.length > 0 ? rows : [h('li', { class: 'soft' }, t('No regions yet.'))]),
    );
    if (focused !== null) this.focus(focused.getAttribute('data-slug'));
  }

  /** The row of a region, else the first thing to press. */
  focus(slug: string | null): void {
    const row =
      slug === null ? null : this.#rows.querySelector<HTMLElement>(`[data-slug="${CSS.escape(slug)}"]`);
    (row ?? this.element.querySelector<HTMLElement>('button:not([hidden]), a'))?.focus();
  }

  #row({ slug, name, colour }: RegionShape): HTMLElement {
    const row = h('button', { type: 'button', 'data-slug': slug }, swatch(colour), h('span', {}, name));
    row.addEventListener('click', () => this.#options.onPick(slug));
    return row;
  }

  #fileButton(): readonly Node[] {
    const input = h('input', { type: 'file', accept: '.geojson,.json,application/geo+json', hidden: true });
    const button = h('button', { class: 'button', type: 'button' }, t('Import GeoJSON'));
    button.addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      input.value = '';
      if (file !== undefined) this.#options.onFile(file);
    });
    return [button, input];
  }
}
