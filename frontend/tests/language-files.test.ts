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
