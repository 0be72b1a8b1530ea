/** One region that is being drawn or changed: its fields, what the pointer does on the map, and what is wrong with it. */
import type { DrawTool } from '../map/types.ts';
import type { RegionDraft, RegionFields } from '../region-editing/region-draft.ts';
import { isChanged, slugOf } from '../region-editing/region-draft.ts';
import { type Marked, mark, t } from '../texts.ts';
import { h } from './dom.ts';
import type { RegionPermissions } from './region-list.ts';

export interface RegionFormOptions {
  readonly may: RegionPermissions;
  onFields(fields: RegionFields): void;
  onTool(tool: DrawTool): void;
  onUndo(): void;
  onSave(): void;
  onCancel(): void;
  onDelete(): void;
}

export interface RegionFormState {
  readonly draft: RegionDraft;
  readonly tool: DrawTool;
  readonly isBusy: boolean;
  /** By field; what belongs to none under the empty name. */
  readonly problems: ReadonlyMap<string, string>;
}

const TOOLS: Readonly<Record<DrawTool, Marked>> = {
  corners: mark('Corners'),
  move: mark('Move'),
  cut: mark('Cut'),
};
const HINTS: Readonly<Record<DrawTool, Marked>> = {
  corners: mark('Drag corners; a right click takes one away.'),
  move: mark('Drag the whole region.'),
  cut: mark('Click around the piece to cut out.'),
};
const DRAW_HINT = mark('Click on the map, corner by corner; click the first one to finish.');

export class RegionForm {
  readonly element: HTMLFormElement;
  readonly #name = h('input', { type: 'text', maxlength: '100', required: true, autocomplete: 'off' });
  readonly #colour = h('input', { type: 'color' });
  readonly #slug = h('input', { type: 'text', maxlength: '64', autocomplete: 'off', spellcheck: 'false' });
  readonly #tools = h('div', { class: 'region-tools', role: 'group', 'aria-label': t('On the map') });
  readonly #hint = h('p', { class: 'soft' });
  readonly #undo = h('button', { class: 'button', type: 'button' }, t('Undo'));
  readonly #save = h('button', { class: 'button is-main', type: 'submit' }, t('Save'));
  readonly #delete = h('button', { class: 'button is-alarm', type: 'button' }, t('Delete'));
  readonly #visits = h('a', { href: '/visits' }, t('Who was here'));
  readonly #problems = new Map<string, HTMLElement>();
  readonly #may: RegionPermissions;
  #isDeleteMeant = false;

  constructor(options: RegionFormOptions) {
    this.#may = options.may;
    this.#name.addEventListener('input', () => options.onFields({ name: this.#name.value }));
    this.#colour.addEventListener('input', () => options.onFields({ colour: this.#colour.value }));
    this.#slug.addEventListener('input', () => options.onFields({ slug: this.#slug.value }));
    this.#undo.addEventListener('click', () => options.onUndo());
    this.#delete.addEventListener('click', () => this.#pressDelete(() => options.onDelete()));
    const cancel = h('button', { class: 'button', type: 'button' }, t('Cancel'));
    cancel.addEventListener('click', () => options.onCancel());
    this.#makeTools((tool) => options.onTool(tool));
    this.element = h(
      'form',
      { class: 'region-form', novalidate: true },
      this.#field(t('Name'), this.#name, 'name'),
      this.#field(t('Colour'), this.#colour, 'colour'),
      this.#field(t('Slug'), this.#slug, 'slug'),
      this.#tools,
      this.#hint,
      this.#problem('polygon'),
      this.#problem(''),
      h('div', { class: 'region-buttons' }, this.#save, cancel, this.#undo, this.#delete),
      this.#visits,
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      options.onSave();
    });
  }

  show({ draft, tool, isBusy, problems }: RegionFormState): void {
    const isNew = draft.kept === null;
    setValue(this.#name, draft.name);
    setValue(this.#colour, draft.colour);
    setValue(this.#slug, draft.slug);
    this.#slug.placeholder = slugOf(draft.name);
    this.#slug.disabled = !isNew;
    this.#visits.hidden = draft.kept === null;
    this.#visits.href = `/visits?region=${encodeURIComponent(draft.slug)}`;
    this.#hint.textContent = t(draft.area === null ? DRAW_HINT : HINTS[tool]);
    for (const button of this.#tools.querySelectorAll('button')) {
      button.disabled = draft.area === null;
      button.setAttribute('aria-pressed', String(button.value === tool && draft.area !== null));
    }
    this.#undo.disabled = draft.past.length === 0;
    this.#save.hidden = isNew ? !this.#may.add : !this.#may.change;
    this.#save.disabled = draft.area === null || draft.name.trim() === '' || !isChanged(draft);
    this.#delete.hidden = isNew || !this.#may.delete;
    // A button that is switched off loses the focus.
    this.element.ariaBusy = String(isBusy);
    for (const [field, line] of this.#problems) line.textContent = problems.get(field) ?? '';
  }

  /** Another region is in the form. */
  begin(): void {
    this.#meanDelete(false);
    this.#name.focus();
  }

  /** Asks once more: nothing brings a deleted region back. */
  #pressDelete(remove: () => void): void {
    if (this.#isDeleteMeant) remove();
    this.#meanDelete(!this.#isDeleteMeant);
  }

  #meanDelete(isMeant: boolean): void {
    this.#isDeleteMeant = isMeant;
    this.#delete.textContent = isMeant ? t('Delete for good') : t('Delete');
  }

  #makeTools(onTool: (tool: DrawTool) => void): void {
    for (const [tool, label] of Object.entries(TOOLS) as [DrawTool, Marked][]) {
      const button = h('button', { class: 'button', type: 'button', value: tool }, t(label));
      button.addEventListener('click', () => onTool(tool));
      this.#tools.append(button);
    }
  }

  #field(label: string, input: HTMLInputElement, field: string): HTMLElement {
    return h('label', {}, h('span', {}, label), input, this.#problem(field));
  }

  #problem(field: string): HTMLElement {
    const line = h('p', { class: 'problem', role: 'alert' });
    this.#problems.set(field, line);
    return line;
  }
}

/** Writing what is there already would move the caret. */
function setValue(input: HTMLInputElement, value: string): void {
  if (input.value !== value) input.value = value;
}
