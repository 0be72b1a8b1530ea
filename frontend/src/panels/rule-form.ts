/** One rule as it is typed in: the fields of its kind alone. */
import { speedUnit } from '../format.ts';
import { dayNames, type RuleFields, type RuleKind } from '../rules/rule.ts';
import { mark, t } from '../texts.ts';
import { h } from './dom.ts';

const KINDS = {
  dwell: mark('Stays no longer than'),
  speed: mark('No faster than'),
  hours: mark('Should be inside'),
  offline: mark('Silent for no longer than'),
};
type Field = 'name' | 'limit_s' | 'limit_mps' | 'from_time' | 'to_time' | 'days' | 'time_zone';

export interface RuleFormOptions {
  /** To choose from, where there are several. */
  readonly kinds: readonly RuleKind[];
  onSave(fields: RuleFields): void;
  onCancel(): void;
}

export class RuleForm {
  readonly element: HTMLFormElement;
  readonly #kind: HTMLSelectElement;
  readonly #name = h('input', { type: 'text', maxlength: '100', autocomplete: 'off' });
  readonly #minutes = h('input', { type: 'text', inputmode: 'decimal' });
  readonly #speed = h('input', { type: 'text', inputmode: 'decimal' });
  readonly #from = h('input', { type: 'time' });
  readonly #to = h('input', { type: 'time' });
  readonly #zone = h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' });
  readonly #active = h('input', { type: 'checkbox' });
  readonly #days = dayNames().map((_, day) => h('input', { type: 'checkbox', value: String(day + 1) }));
  readonly #lines = new Map<string, HTMLElement>();
  readonly #ofKind: Readonly<Record<RuleKind, readonly HTMLElement[]>>;

  constructor({ kinds, onSave, onCancel }: RuleFormOptions) {
    this.#kind = h('select', {}, ...kinds.map((value) => h('option', { value }, t(KINDS[value]))));
    const minutes = this.#field(t('Minutes'), this.#minutes, 'limit_s');
    const days = h('fieldset', { class: 'rule-days' }, h('legend', {}, t('Days')), ...this.#dayLabels());
    this.#ofKind = {
      dwell: [minutes],
      offline: [minutes],
      speed: [this.#field(t('Speed'), this.#speed, 'limit_mps')],
      hours: [
        this.#field(t('From'), this.#from, 'from_time'),
        this.#field(t('To'), this.#to, 'to_time'),
        h('div', {}, days, this.#line('days')),
        this.#field(t('Zone'), this.#zone, 'time_zone'),
      ],
    };
    const cancel = h('button', { class: 'button', type: 'button' }, t('Cancel'));
    cancel.addEventListener('click', onCancel);
    this.#kind.addEventListener('change', () => this.#showKind());
    this.element = h(
      'form',
      { class: 'region-form rule-form', novalidate: true },
      h('label', { hidden: kinds.length === 1 }, h('span', {}, t('Rule')), this.#kind),
      this.#field(t('Name'), this.#name, 'name'),
      ...new Set(Object.values(this.#ofKind).flat()),
      h('label', {}, h('span', {}, t('In use')), this.#active),
      this.#line(''),
      h(
        'div',
        { class: 'region-buttons' },
        h('button', { class: 'button is-main', type: 'submit' }, t('Save rule')),
        cancel,
      ),
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      onSave(this.#fields());
    });
  }

  begin(fields: RuleFields): void {
    this.#kind.value = fields.kind;
    this.#name.value = fields.name;
    this.#minutes.value = fields.minutes;
    this.#speed.value = fields.speed;
    this.#speed.setAttribute('aria-description', speedUnit());
    this.#speed.placeholder = speedUnit();
    this.#from.value = fields.from;
    this.#to.value = fields.to;
    this.#zone.value = fields.zone;
    this.#active.checked = fields.active;
    for (const box of this.#days) box.checked = fields.days.includes(box.value);
    this.complain(new Map());
    this.#showKind();
    (this.#kind.length > 1 ? this.#kind : this.#name).focus();
  }

  /** By field; what belongs to none under the empty name. */
  complain(problems: ReadonlyMap<string, string>): void {
    for (const [field, line] of this.#lines) line.textContent = problems.get(field) ?? '';
  }

  /** Whether a problem of the field has a line of its own. */
  has(field: string): boolean {
    return this.#lines.has(field);
  }

  #fields(): RuleFields {
    return {
      kind: this.#shownKind,
      name: this.#name.value || t(KINDS[this.#shownKind]),
      minutes: this.#minutes.value,
      speed: this.#speed.value,
      from: this.#from.value,
      to: this.#to.value,
      days: this.#days.flatMap(({ checked, value }) => (checked ? value : [])).join(''),
      zone: this.#zone.value,
      active: this.#active.checked,
    };
  }

  get #shownKind(): RuleKind {
    return this.#kind.value as RuleKind;
  }

  #showKind(): void {
    const shown = this.#ofKind[this.#shownKind];
    for (const part of Object.values(this.#ofKind).flat()) part.hidden = !shown.includes(part);
  }

  #dayLabels(): readonly HTMLElement[] {
    return this.#days.map((box, day) => h('label', {}, box, h('span', {}, dayNames()[day] ?? '')));
  }

  #field(label: string, input: HTMLInputElement, field: Field): HTMLElement {
    return h('label', {}, h('span', {}, label), input, this.#line(field));
  }

  #line(field: string): HTMLElement {
    const line = h('p', { class: 'problem', role: 'alert' });
    this.#lines.set(field, line);
    return line;
  }
}
