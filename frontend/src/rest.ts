/** The REST API: lists page by page, and changes. */

import { type Fields, isListOf, isRecord, isText, isTextOrNull } from './guards.ts';
import { problemText } from './problem-text.ts';
import { reasonText } from './reason-text.ts';
import { t } from './texts.ts';

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
  headers: Readonly<Record<string, string>> = {},
): Promise<Page<T>> {
  const address = withParams(url, params);
  const response = await fetch(address, { headers: { accept: 'application/json', ...headers } });
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

/** Has the server do something; throws when it does not. */
export async function post(url: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'X-Fleet': '1' } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

function withParams(url: string, params: Params): string {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
  return query.size === 0 ? url : `${url}?${query}`;
}

/** What the server says went wrong (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly detail: string;
  /** Which fields were refused, and why, in the reader's language. */
  readonly errors: readonly { readonly field: string; readonly reason: string }[];
}

export interface Answer {
  /** Null when it was not to be had. */
  readonly value: unknown;
  readonly etag: string | null;
  /** Null when all went well. */
  readonly problem: Problem | null;
}

/** Asks or changes with the session's rights. Never throws: no answer is a problem with status 0. */
export async function send(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Fleet': '1', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    const value: unknown = text === '' ? null : JSON.parse(text);
    const etag = response.headers.get('ETag');
    return response.ok
      ? { value, etag, problem: null }
      : { value: null, etag, problem: problemOf(value, response.status) };
  } catch {
    const detail = t('The server cannot be reached. Try again.');
    return { value: null, etag: null, problem: { status: 0, detail, errors: [] } };
  }
}

export function problemOf(value: unknown, status: number): Problem {
  const known: Fields = isRecord(value) ? value : {};
  const said = isText(known.detail)
    ? known.detail
    : t('The server answered {status}.', { status: String(status) });
  const errors = isListOf(known.errors, isFieldError) ? known.errors : [];
  const detail = isText(known.code) ? problemText(known.code, said) : said;
  return {
    status,
    detail,
    errors: errors.map(({ field, reason }) => ({ field, reason: reasonText(reason) })),
  };
}

function isFieldError(value: unknown): value is Problem['errors'][number] {
  return isRecord(value) && isText(value.field) && isText(value.reason);
}
