/** Every text of the sources stands in every language's file, and nothing else does. */
import { expect, it } from 'vitest';
import { complaintsOf, textsIn } from '../scripts/texts.mjs';
import { LANGUAGES } from '../src/language.ts';
import type { Texts } from '../src/texts.ts';

const sources = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true });
const files = import.meta.glob<Texts>('../src/texts/*.json', { import: 'default', eager: true });
const texts = new Map(Object.values(sources).flatMap((source) => [...textsIn(source)]));

it('has a file for each language but English', () => {
  const names = Object.keys(files).map((path) => /(\w+)\.json$/.exec(path)?.[1]);
  expect(names.toSorted()).toEqual(
    Object.keys(LANGUAGES)
      .filter((language) => language !== 'en')
      .toSorted(),
  );
});

it.each(Object.keys(files))('%s says every text, with the same holes', (path) => {
  const language = /(\w+)\.json$/.exec(path)?.[1] ?? '';
  expect(complaintsOf(language, files[path] ?? {}, texts)).toEqual([]);
});

/** What is read, or read aloud, written out where an element is made: `{ title: 'Close' }`, `h('b', {}, 'Close')`. */
const BARE =
  /(?:(?<!\w)(?:'aria-label'|title|placeholder): |(?:textContent|ariaLabel) = |h\('\w+', \{[^}]*\}, )['"`][^'"`]*[A-Za-z]{2}[^'"`]*['"`]/g;
const panels = Object.entries(sources).filter(([path]) => /\/(panels|pages|map)\//.test(path));

it.each(panels)('%s says nothing that is in English alone', (_path, source) => {
  const signs = /SSE|WebSocket|K7QM-3WXD|\$\{|GeoJSON'/;
  expect([...source.matchAll(BARE)].map(([text]) => text).filter((text) => !signs.test(text))).toEqual([]);
});

it('is found where it stands', () => {
  const source = `h('b', { class: 'a' }, 'Close'); ({ title: 'Save it' }); node.textContent = 'Done'; t('Done');`;
  expect([...source.matchAll(BARE)]).toHaveLength(3);
});

const styles = import.meta.glob<string>('../src/**/*.css', { query: '?raw', import: 'default', eager: true });

it('has no words in styles', () => {
  const words = Object.values(styles).flatMap((style) => style.match(/content: "[^"]*[A-Za-z][^"]*"/g) ?? []);
  expect(words).toEqual([]);
});
