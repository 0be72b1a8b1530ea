/** The views that one keeps: to open, to rename, to begin with, to delete; and the one that shows now, to keep. */
import type { Problem } from '../rest.ts';
import type { SavedView, SavedViews } from '../saved-views.ts';
import { t } from '../texts.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

export interface ViewsDialogOptions {
  readonly views: SavedViews;
  /** What the page shows now. */
  query(): string;
}

export class ViewsDialog {
  readonly #options: ViewsDialogOptions;
  readonly #list = h('ul', { class: 'saved-views' });
  readonly #message = h('p', { class: 'views-message', role: 'status' });
  readonly #name = h('input', { required: true, maxlength: '60', 'aria-label': t('Name of the view') });
  readonly #dialog: HTMLDialogElement;
  /** A list that comes late is not shown over a name that is being changed. */
  #loads = 0;

  constructor(options: ViewsDialogOptions) {
    this.#options = options;
    this.#name.placeholder = t('Name of the view');
    const keep = h(
      'form',
      { class: 'view-form' },
      this.#name,
      h('button', { class: 'button is-main' }, t('Keep what shows now')),
    );
    keep.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#keep();
    });
    const close = h('form', { method: 'dialog' }, h('button', { class: 'button' }, t('Close')));
    this.#dialog = h(
      'dialog',
      { class: 'sheet views-sheet', 'aria-label': t('Views') },
      h('h2', {}, t('Views')),
      this.#list,
      keep,
      this.#message,
      close,
    );
    document.body.append(this.#dialog);
  }

  open(): void {
    this.#message.textContent = '';
    this.#dialog.showModal();
    void this.#load();
  }

  async #load(): Promise<void> {
    const load = ++this.#loads;
    try {
      const views = await this.#options.views.load();
      if (load !== this.#loads) return;
      this.#list.replaceChildren(...views.map((view) => this.#row(view)));
      if (views.length === 0) this.#message.textContent = t('You keep no views yet.');
    } catch {
      this.#message.textContent = t('Your views could not be loaded.');
    }
  }

  async #keep(): Promise<void> {
    await this.#run(this.#options.views.keep(this.#name.value, this.#options.query()), () => {
      this.#name.value = '';
    });
  }

  async #run(asked: Promise<Problem | null>, done = (): void => undefined): Promise<void> {
    const problem = await asked;
    this.#message.textContent = problem === null ? '' : (problem.errors[0]?.reason ?? problem.detail);
    if (problem !== null) return;
    done();
    await this.#load();
  }

  #row(view: SavedView): HTMLElement {
    const { views } = this.#options;
    const begin = this.#button(t('Begin with this view'), view.default ? '★' : '☆', () =>
      this.#run(views.change(view.id, { default: !view.default })),
    );
    begin.setAttribute('aria-pressed', String(view.default));
    const link = h('a', { href: `/?${view.query}` }, view.name);
    const rename = this.#button(t('Rename'), '✎', () => this.#rename(row, view));
    const update = this.#button(t('Keep what shows now in its place'), '⟳', () =>
      this.#run(views.change(view.id, { query: this.#options.query() })),
    );
    const drop = this.#button(t('Delete'), icon('close'), () => this.#run(views.drop(view.id)));
    const row = h('li', {}, begin, link, rename, update, drop);
    return row;
  }

  #rename(row: HTMLElement, view: SavedView): void {
    const input = h('input', {
      value: view.name,
      required: true,
      maxlength: '60',
      'aria-label': t('Name of the view'),
    });
    const form = h('form', { class: 'view-form' }, input, h('button', { class: 'button' }, t('Save')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#run(this.#options.views.change(view.id, { name: input.value }));
    });
    this.#loads += 1;
    row.replaceChildren(form);
    input.select();
  }

  #button(label: string, face: string | Element, run: () => unknown): HTMLButtonElement {
    const attributes = { type: 'button', class: 'button is-bare', 'aria-label': label, title: label };
    const button = h('button', attributes, face);
    button.addEventListener('click', () => void run());
    return button;
  }
}

export function viewsMenuItem(onClick: () => void): HTMLButtonElement {
  const item = h('button', { type: 'button', 'aria-keyshortcuts': 'w' }, t('Views'));
  item.addEventListener('click', onClick);
  return item;
}
