/** The way to the editor of regions for those who may edit some; the editor itself is loaded when it is opened first. */

import type { Shortcut } from '../panels/shortcuts.ts';
import { permissions } from '../region-editing/permissions.ts';
import { t } from '../texts.ts';
import type { RegionEditor, RegionEditorOptions } from './region-editor.ts';

type Options = Omit<RegionEditorOptions, 'panel' | 'may' | 'mayRules'>;

export class RegionEditorOpener {
  readonly #options: Options;
  /** Missing for who may edit none. */
  readonly #panel = document.getElementById('region-editor');
  #loading: Promise<RegionEditor> | null = null;
  #editor: RegionEditor | null = null;

  constructor(options: Options) {
    this.#options = options;
    const button = document.getElementById('region-editor-button');
    button?.addEventListener('click', () => {
      button.closest('details')?.removeAttribute('open');
      void this.#toggle();
    });
  }

  get shortcuts(): readonly Shortcut[] {
    return this.#panel === null
      ? []
      : [{ key: 'g', what: t('edit regions'), run: () => void this.#toggle() }];
  }

  /** The regions that there are have changed. */
  refresh(): void {
    this.#editor?.refresh();
  }

  async #toggle(): Promise<void> {
    if (this.#panel === null) return;
    try {
      this.#loading ??= this.#load(this.#panel);
      this.#editor = await this.#loading;
    } catch {
      this.#loading = null;
      this.#options.say(t('The editor of regions could not be loaded. Try again.'));
      return;
    }
    if (this.#editor.isOpen) this.#editor.close();
    else this.#editor.open();
  }

  async #load(panel: HTMLElement): Promise<RegionEditor> {
    const { RegionEditor } = await import('./region-editor.ts');
    const { mayAdd, mayChange, mayDelete, mayAddRule, mayChangeRule, mayDeleteRule } = panel.dataset;
    const may = permissions(mayAdd, mayChange, mayDelete);
    const mayRules = permissions(mayAddRule, mayChangeRule, mayDeleteRule);
    return RegionEditor.load({ ...this.#options, panel, may, mayRules });
  }
}
