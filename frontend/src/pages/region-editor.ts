/** Regions drawn and changed on the map, in a panel over the list of vehicles. */
import '../styles/region-editor.css';
import { boundsOf } from '../bounds.ts';
import type { AreaDrawing, DrawTool, FleetMap } from '../map/types.ts';
import { h } from '../panels/dom.ts';
import { icon } from '../panels/icons.ts';
import { RegionForm } from '../panels/region-form.ts';
import { RegionList, type RegionPermissions } from '../panels/region-list.ts';
import {
  draftOf,
  isChanged,
  type KeptRegion,
  newDraft,
  type RegionDraft,
  undo,
  withArea,
  withFields,
} from '../region-editing/region-draft.ts';
import { GONE, OUTDATED, RegionRest } from '../region-editing/region-rest.ts';
import { cornersOf } from '../regions.ts';
import type { Problem } from '../rest.ts';
import { REGION_KINDS } from '../rules/rule.ts';
import { mark, t } from '../texts.ts';
import type { LiveRegions } from './live-regions.ts';
import { RuleEditor } from './rule-editor.ts';

export interface RegionEditorOptions {
  readonly panel: HTMLElement;
  readonly may: RegionPermissions;
  /** The rules of regions. */
  readonly mayRules: RegionPermissions;
  readonly timeZone: string;
  readonly regionsUrl: string;
  readonly map: FleetMap;
  readonly regions: LiveRegions;
  say(text: string): void;
}

/** What is wrong with a field is said there. */
const FIELDS: ReadonlySet<string> = new Set(['name', 'colour', 'slug', 'polygon']);
const NO_PROBLEMS: ReadonlyMap<string, string> = new Map();
const OUTDATED_TEXT = mark(
  'Somebody else has changed this region since you opened it. Cancel to see theirs, or save again to put yours over it.',
);
const GONE_TEXT = mark('Somebody else has deleted this region. Save to add it again, as a new one.');

export class RegionEditor {
  readonly #options: RegionEditorOptions;
  readonly #rest: RegionRest;
  readonly #list: RegionList;
  readonly #form: RegionForm;
  readonly #rules: RuleEditor;
  readonly #drawing: AreaDrawing;
  #draft: RegionDraft | null = null;
  /** What is edited by now: an answer that comes after the next has begun touches nothing of it. */
  #turn = 0;
  #tool: DrawTool = 'corners';
  #isBusy = false;
  #problems = NO_PROBLEMS;

  /** Loads what draws. */
  static async load(options: RegionEditorOptions): Promise<RegionEditor> {
    let editor: RegionEditor | null = null;
    const drawing = await options.map.openDrawing({
      onChange: (area) => editor?.change((draft) => withArea(draft, area)),
      onTool: (tool) => editor?.noteTool(tool),
    });
    editor = new RegionEditor(options, drawing);
    return editor;
  }

  private constructor(options: RegionEditorOptions, drawing: AreaDrawing) {
    const { may, mayRules, panel, regionsUrl, timeZone } = options;
    this.#options = options;
    this.#drawing = drawing;
    this.#rest = new RegionRest(regionsUrl);
    this.#list = new RegionList({
      may,
      hasRules: this.#hasRules,
      exportUrl: this.#rest.exportUrl,
      onAdd: () => this.#begin(newDraft()),
      onPick: (slug) => void this.#edit(slug),
      onFile: (file) => void this.#import(file),
    });
    this.#form = new RegionForm({
      may,
      onFields: (fields) => this.change((draft) => withFields(draft, fields)),
      onTool: (tool) => this.#drawing.use(tool),
      onUndo: () => this.change(undo),
      onSave: () => void this.#save(),
      onCancel: () => this.#end(),
      onDelete: () => void this.#delete(),
    });
    this.#rules = new RuleEditor({
      kinds: REGION_KINDS,
      may: mayRules,
      timeZone,
      say: (text) => options.say(text),
    });
    this.#rules.element.prepend(h('h3', {}, t('Rules')));
    const close = h('button', {
      class: 'button is-bare',
      type: 'button',
      'aria-label': t('Close the regions'),
    });
    close.append(icon('close'));
    close.addEventListener('click', () => this.close());
    panel.append(
      h('header', {}, h('h2', {}, t('Regions')), close),
      this.#list.element,
      this.#form.element,
      this.#rules.element,
    );
    panel.addEventListener('keydown', (event) => this.#press(event));
  }

  get #hasRules(): boolean {
    return Object.values(this.#options.mayRules).some(Boolean);
  }

  get isOpen(): boolean {
    return !this.#options.panel.hidden;
  }

  open(): void {
    this.#options.panel.hidden = false;
    if (this.#draft === null) this.#end();
    else this.#begin(this.#draft);
  }

  /** A draft that is not saved is there when it is opened again. */
  close(): void {
    if (this.#draft !== null && !isChanged(this.#draft)) this.#draft = null;
    this.#turn += 1;
    this.#options.panel.hidden = true;
    this.#drawing.clear();
    this.#options.regions.hide(null);
    if (this.#draft !== null) this.#options.say(t('Not saved yet: open the regions again to go on.'));
  }

  /** The regions that there are have changed. */
  refresh(): void {
    this.#show();
  }

  change(how: (draft: RegionDraft) => RegionDraft): void {
    if (this.#draft === null) return;
    this.#draft = how(this.#draft);
    this.#problems = NO_PROBLEMS;
    this.#show();
  }

  noteTool(tool: DrawTool): void {
    this.#tool = tool;
    this.#show();
  }

  async #edit(slug: string): Promise<void> {
    const turn = ++this.#turn;
    const { problem, ...known } = await this.#rest.load(slug);
    if (turn !== this.#turn) return;
    if (problem !== null) this.#options.say(problem.detail);
    if (!('value' in known)) return;
    const bounds = boundsOf(cornersOf([known.value.region]));
    if (bounds !== null) this.#options.map.fit(bounds);
    this.#begin(draftOf(known.value));
  }

  #begin(draft: RegionDraft): void {
    this.#turn += 1;
    this.#draft = draft;
    this.#problems = NO_PROBLEMS;
    this.#options.regions.hide(draft.kept?.region.slug ?? null);
    this.#show();
    this.#form.begin();
  }

  #end(): void {
    const slug = this.#draft?.kept?.region.slug ?? null;
    this.#turn += 1;
    this.#draft = null;
    this.#problems = NO_PROBLEMS;
    this.#options.regions.hide(null);
    this.#show();
    this.#list.focus(slug);
  }

  #press(event: KeyboardEvent): void {
    const isUndo = event.key === 'z' && (event.ctrlKey || event.metaKey) && !isTyping(event.target);
    if (event.key === 'Escape') this.close();
    else if (isUndo) this.change(undo);
    else return;
    event.preventDefault();
  }

  // Saving -----------------------------------------------------------------------------------------------------------

  async #save(): Promise<void> {
    const draft = this.#draft;
    if (draft === null || this.#isBusy) return;
    const turn = this.#turn;
    const outcome = await this.#wait(this.#rest.save(draft));
    if (outcome.problem !== null) {
      await this.#explain(outcome.problem, draft, turn);
      return;
    }
    const { region } = outcome.value;
    const others = this.#options.regions.shapes.filter(({ slug }) => slug !== region.slug);
    this.#options.regions.show([...others, region].toSorted((a, b) => (a.slug < b.slug ? -1 : 1)));
    this.#options.say(t('{name} is saved.', { name: region.name }));
    if (this.#draft === draft) this.#end();
    else if (turn === this.#turn) this.#goOn(outcome.value);
  }

  /** Somebody went on writing while it was saved. */
  #goOn(kept: KeptRegion): void {
    this.#rebase(kept);
    this.#options.regions.hide(kept.region.slug);
    this.#show();
  }

  async #delete(): Promise<void> {
    const draft = this.#draft;
    const kept = draft?.kept ?? null;
    if (draft === null || kept === null || this.#isBusy) return;
    const turn = this.#turn;
    const { problem } = await this.#wait(this.#rest.remove(kept));
    if (problem !== null) {
      await this.#explain(problem, draft, turn);
      return;
    }
    this.#options.regions.show(this.#options.regions.shapes.filter(({ slug }) => slug !== kept.region.slug));
    this.#options.say(t('{name} is deleted.', { name: kept.region.name }));
    if (this.#draft?.kept === kept) this.#end();
  }

  async #import(file: File): Promise<void> {
    const outcome = await this.#wait(file.text().then((text) => this.#rest.importFile(text)));
    if (outcome.problem !== null) {
      const { detail, errors } = outcome.problem;
      const [first] = errors;
      this.#options.say(
        first === undefined
          ? detail
          : t('Nothing is imported. {field}: {reason}', { field: first.field, reason: first.reason }),
      );
      return;
    }
    const counts = Object.entries(outcome.value).map(([what, count]) => `${count} ${what}`);
    this.#options.say(t('Imported: {counts}.', { counts: counts.join(', ') }));
  }

  async #wait<T>(asked: Promise<T>): Promise<T> {
    this.#isBusy = true;
    this.#show();
    try {
      return await asked;
    } finally {
      this.#isBusy = false;
      this.#show();
    }
  }

  /** Whoever saves after this knows what he does; whoever edits something else by then is told in passing. */
  async #explain(problem: Problem, draft: RegionDraft, turn: number): Promise<void> {
    const isOutdated = problem.status === OUTDATED && draft.kept !== null;
    const newest = isOutdated ? await this.#rest.load(draft.kept.region.slug) : null;
    if (turn !== this.#turn) this.#options.say(problem.detail);
    else if (newest !== null) {
      if (newest.problem === null) this.#rebase(newest.value);
      this.#complain(new Map([['', t(OUTDATED_TEXT)]]));
    } else if (problem.status === GONE) {
      this.#rebase(null);
      this.#complain(new Map([['', t(GONE_TEXT)]]));
    } else if (problem.errors.length > 0) {
      this.#complain(
        new Map(problem.errors.map(({ field, reason }) => [FIELDS.has(field) ? field : '', reason])),
      );
    } else this.#complain(new Map([['', problem.detail]]));
  }

  #rebase(kept: KeptRegion | null): void {
    if (this.#draft !== null) this.#draft = { ...this.#draft, kept };
  }

  #complain(problems: ReadonlyMap<string, string>): void {
    this.#problems = problems;
    this.#show();
  }

  // Showing ----------------------------------------------------------------------------------------------------------

  #show(): void {
    if (!this.isOpen) return;
    const draft = this.#draft;
    this.#list.element.hidden = draft !== null;
    this.#form.element.hidden = draft === null;
    void this.#rules.show(this.#hasRules ? (draft?.kept?.region.slug ?? null) : null);
    if (draft === null) {
      this.#drawing.clear();
      this.#list.show(this.#options.regions.shapes);
      return;
    }
    if (draft.area === null) this.#drawing.draw(draft.colour);
    else this.#drawing.show(draft.area, draft.colour);
    this.#drawing.complain(this.#problems.get('polygon') ?? '');
    this.#form.show({ draft, tool: this.#tool, isBusy: this.#isBusy, problems: this.#problems });
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'text';
}
