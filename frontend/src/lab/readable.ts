/** A frame as people read it: JSON indented, but each row of numbers on one line. Pure. */

import { counted } from '../texts.ts';
import type { Passage } from './way.ts';

const INDENT = '  ';
const MOST_LETTERS = 20_000;

/** Text that is no JSON stays as it is. */
export function readable(text: string): string {
  const shown = indented(text);
  const tooMany = shown.length - MOST_LETTERS;
  return tooMany <= 0
    ? shown
    : `${shown.slice(0, MOST_LETTERS)}\n${counted('… and {count} letter more', '… and {count} letters more', tooMany)}`;
}

function indented(text: string): string {
  try {
    return write(JSON.parse(text), '');
  } catch {
    return text;
  }
}

function write(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const deeper = indent + INDENT;
  const parts = Array.isArray(value)
    ? value.map((item) => write(item, deeper))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${write(item, deeper)}`);
  if (isFlat(value)) return `${open}${parts.join(', ')}${close}`;
  return `${open}\n${parts.map((part) => deeper + part).join(',\n')}\n${indent}${close}`;
}

/** Rows and vehicles read best on a line of their own. */
function isFlat(value: object): boolean {
  const items = Object.values(value);
  const isShort = Array.isArray(value) || items.length <= 5;
  return isShort && items.every((item) => typeof item !== 'object' || item === null);
}

/** A line for the list: what was asked, or which messages came. */
export function titleOf({ head, body }: Pick<Passage, 'head' | 'body'>): string {
  if (body === '') return (head.split('\r\n')[0] ?? '').replace(/^HTTP\/1.1 | HTTP\/1.1$|\?.*$/g, '');
  try {
    const content = JSON.parse(body) as { type?: string; messages?: { type: string }[] };
    return content.type ?? (content.messages ?? []).map(({ type }) => type).join(', ');
  } catch {
    return body;
  }
}
