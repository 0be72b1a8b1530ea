/** The rules of the region that is edited, or of the fleet: a list, and a form for one of them. */
import { speedPerMps, speedUnit } from '../format.ts';
import { h } from '../panels/dom.ts';
import type { RegionPermissions } from '../panels/region-list.ts';
import { RuleForm } from '../panels/rule-form.ts';
import type { Problem } from '../rest.ts';
import {
  bodyOfRule,
  fieldsOfRule,
  newFields,
  type Rule,
  type RuleFields,
  type RuleKind,
  ruleText,
} from '../rules/rule.ts';
import { loadRules, type RuleOwner, removeRule, saveRule } from '../rules/rule-rest.ts';
import { t } from '../texts.ts';

export interface RuleEditorOptions {
  /** To choose from; a new rule is of the first. */
  readonly kinds: readonly [RuleKind, ...RuleKind[]];
  readonly may: RegionPermissions;
  /** Where new hours count, by its IANA name. */
  readonly timeZone: string;
  say(text: string): void;
}

export class RuleEditor {
  readonly element = h('section', { class: 'rule-editor', 'aria-label': t('Rules'), hidden: true });
  readonly #options: RuleEditorOptions;
  readonly #rows = h('ul', { class: 'rule-rows' });
  readonly #add = h('button', { class: 'button', type: 'button' }, t('Add a rule'));
  readonly #form: RuleForm;
  /** Whose rules are shown. */
  #owner: RuleOwner | null = null;
  #rules: readonly Rule[] = [];
  /** The rule in the form; null: a new one. */
  #edited: number | null = null;
  /** Rises whenever the form opens or closes: an answer that comes later leaves it alone. */
  #turn = 0;

  constructor(options: RuleEditorOptions) {
    this.#options = options;
    this.#form = new RuleForm({
      kinds: options.kinds,
      onSave: (fields) => void this.#save(fields),
      onCancel: () => this.#close(),
    });
    this.#add.addEventListener('click', () =>
      this.#open(null, newFields(options.kinds[0], options.timeZone)),
    );
    this.element.append(this.#rows, this.#add, this.#form.element);
  }

  /** Null: nobody's, as of a region that is not saved yet. */
  async show(owner: RuleOwner | null): Promise<void> {
    if (owner === this.#owner) return;
    this.#owner = owner;
    this.#rules = [];
    this.element.hidden = owner === null;
    this.#close();
    await this.#load();
  }

  async #load(): Promise<void> {
    const owner = this.#owner;
    if (owner === null) return;
    try {
      const rules = await loadRules(owner);
      if (owner === this.#owner) this.#rules = rules;
    } catch {
      this.#options.say(t('The rules could not be loaded.'));
    }
    this.#showRows();
  }

  #open(id: number | null, fields: RuleFields): void {
    this.#turn += 1;
    this.#edited = id;
    this.#form.element.hidden = false;
    this.#add.hidden = true;
    this.#form.begin(fields);
  }

  #close(): void {
    this.#turn += 1;
    this.#form.element.hidden = true;
    this.#add.hidden = !this.#options.may.add;
    this.#showRows();
  }

  async #save(fields: RuleFields): Promise<void> {
    if (this.#owner === null) return;
    const turn = this.#turn;
    const problem = await saveRule(this.#owner, this.#edited, bodyOfRule(fields, speedPerMps()));
    if (problem !== null) {
      if (turn === this.#turn) this.#form.complain(this.#linesOf(problem));
      else this.#options.say(problem.detail);
      return;
    }
    this.#options.say(t('The rule {name} is saved.', { name: fields.name }));
    if (turn === this.#turn) this.#close();
    await this.#load();
    if (this.#form.element.hidden)
      (this.#add.hidden ? this.#rows.querySelector('button') : this.#add)?.focus();
  }

  #linesOf({ detail, errors }: Problem): ReadonlyMap<string, string> {
    if (errors.length === 0) return new Map([['', detail]]);
    return new Map(errors.map(({ field, reason }) => [this.#form.has(field) ? field : '', reason]));
  }

  async #remove({ id, name }: Rule): Promise<void> {
    const problem = await removeRule(id);
    this.#options.say(problem === null ? t('The rule {name} is deleted.', { name }) : problem.detail);
    await this.#load();
    this.#add.focus();
  }

  #showRows(): void {
    const rows = this.#rules.map((rule) => this.#row(rule));
    this.#rows.replaceChildren(
      ...(rows.length > 0 ? rows : [h('li', { class: 'soft' }, t('No rules yet.'))]),
    );
  }

  #row(rule: Rule): HTMLElement {
    const { may } = this.#options;
    const what = h('span', { class: 'soft' }, ruleText(rule, speedPerMps(), speedUnit()));
    const change = button(t('Change'), t('Change the rule {name}', { name: rule.name }));
    change.hidden = !may.change;
    change.addEventListener('click', () => this.#open(rule.id, fieldsOfRule(rule, speedPerMps())));
    const remove = button(t('Delete'), t('Delete the rule {name}', { name: rule.name }));
    remove.hidden = !may.delete;
    let isMeant = false;
    remove.addEventListener('click', () => {
      if (isMeant) void this.#remove(rule);
      isMeant = true;
      remove.textContent = t('Delete for good');
      remove.removeAttribute('aria-label');
    });
    return h('li', {}, h('div', {}, h('b', {}, rule.name), what), change, remove);
  }
}

function button(text: string, label: string): HTMLButtonElement {
  return h('button', { class: 'button is-small', type: 'button', 'aria-label': label, title: label }, text);
}
