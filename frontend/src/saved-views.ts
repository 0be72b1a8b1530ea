/** Views of the live page that this person keeps under names (docs/saved-views.md). */
import { isNumber, isRecord, isText } from './guards.ts';
import { loadPages, type Problem, send } from './rest.ts';

export interface SavedView {
  readonly id: number;
  readonly name: string;
  /** What stands behind the question mark. */
  readonly query: string;
  readonly default: boolean;
}

export class SavedViews {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** By name. Throws when the server does not answer as agreed. */
  async load(): Promise<readonly SavedView[]> {
    return (await loadPages(this.#url, {}, isSavedView)).items;
  }

  /** Null: it is kept. */
  async keep(name: string, query: string): Promise<Problem | null> {
    return (await send('POST', this.#url, { name, query })).problem;
  }

  /** Null: it is so from now on. */
  async change(id: number, change: Partial<Omit<SavedView, 'id'>>): Promise<Problem | null> {
    return (await send('PATCH', `${this.#url}/${id}`, change)).problem;
  }

  /** Null: it is gone. */
  async drop(id: number): Promise<Problem | null> {
    return (await send('DELETE', `${this.#url}/${id}`, undefined)).problem;
  }
}

function isSavedView(value: unknown): value is SavedView {
  return (
    isRecord(value) &&
    isNumber(value.id) &&
    isText(value.name) &&
    isText(value.query) &&
    typeof value.default === 'boolean'
  );
}
