/** Lists of the REST API, page by page. */
import { isListOf, isRecord, isTextOrNull } from './guards.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the next page; null at the end. */
  readonly next: string | null;
}

type Params = Readonly<Record<string, string | number>>;

/** Throws when the server does not answer as agreed. */
export async function loadPage<T>(
  url: string,
  params: Params,
  isItem: (value: unknown) => value is T,
): Promise<Page<T>> {
  const address = withParams(url, params);
  const response = await fetch(address, { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const page: unknown = await response.json();
  if (!isRecord(page) || !isListOf(page.items, isItem) || !isTextOrNull(page.next)) {
    throw new Error(`${address} gave something other than agreed`);
  }
  return { items: page.items, next: page.next };
}

/** At most `most` pages. */
export async function loadPages<T>(
  url: string,
  params: Params,
  isItem: (value: unknown) => value is T,
  most = Number.POSITIVE_INFINITY,
): Promise<Page<T>> {
  const items: T[] = [];
  let next: string | null = null;
  let pages = 0;
  do {
    const cursor: Params = next === null ? {} : { cursor: next };
    const page: Page<T> = await loadPage(url, { ...params, ...cursor }, isItem);
    items.push(...page.items);
    next = page.next;
    pages += 1;
  } while (next !== null && pages < most);
  return { items, next };
}

function withParams(url: string, params: Params): string {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
  return query.size === 0 ? url : `${url}?${query}`;
}
