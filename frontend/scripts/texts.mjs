/**
 * Compares the texts in the sources with the language files; `--write` also puts in what is missing, empty, and sorts.
 * Empty texts, texts that nothing says, other holes than the English text's and missing plural forms are complaints.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));
const COMMENTS = /^\s*(?:\/?\*|\/\/).*$/gm;
const LITERAL = String.raw`('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\`[^\`$\\]*\`)`;
const ONE = new RegExp(String.raw`(?<![\w.#])(?:t|mark)\(\s*${LITERAL}`, 'g');
const COUNTED = new RegExp(String.raw`(?<![\w.#])counted\(\s*${LITERAL},\s*${LITERAL}`, 'g');

/** Text → whether it has plural forms. Those are named by their English text for many. */
export function textsIn(source) {
  const found = new Map();
  const program = source.replace(COMMENTS, '');
  for (const [, text] of program.matchAll(ONE)) found.set(unquoted(text), false);
  for (const [, , other] of program.matchAll(COUNTED)) found.set(unquoted(other), true);
  return found;
}

/** Of one language; `texts`: what `textsIn` found in all sources. */
export function complaintsOf(language, file, texts) {
  const missing = [...texts.keys()].filter((text) => !isSaid(file[text]));
  const unused = Object.keys(file).filter((text) => !texts.has(text));
  const wrong = [...texts]
    .filter(([text]) => isSaid(file[text]))
    .flatMap(([text, isCounted]) => {
      const problem = problemOf(language, text, file[text], isCounted);
      return problem === null ? [] : [`${language}: ${problem}: ${text}`];
    });
  return [
    ...missing.map((text) => `${language}: missing: ${text}`),
    ...unused.map((text) => `${language}: nothing says: ${text}`),
    ...wrong,
  ];
}

function problemOf(language, text, said, isCounted) {
  if (isCounted !== (typeof said === 'object')) return isCounted ? 'needs plural forms' : 'has plural forms';
  if (!isCounted) return sameHoles(text, said, []) ? null : 'other holes';
  const rules = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  if (rules.toSorted().join() !== Object.keys(said).toSorted().join())
    return `needs the forms ${rules.join(', ')}`;
  return Object.values(said).every((form) => sameHoles(text, form, ['count'])) ? null : 'other holes';
}

/** One form may do without `free`: `eine Position`. */
function sameHoles(text, said, free) {
  const ours = holesOf(said);
  const theirs = holesOf(text);
  return ours.isSubsetOf(theirs) && theirs.isSubsetOf(ours.union(new Set(free)));
}

function holesOf(text) {
  return new Set(text.match(/\{\w+\}/g)?.map((hole) => hole.slice(1, -1)));
}

function isSaid(said) {
  if (typeof said === 'object') return Object.values(said).every((form) => form !== '');
  return said !== undefined && said !== '';
}

function unquoted(literal) {
  return literal.slice(1, -1).replace(/\\(u\{?([0-9a-f]+)\}?|n|.)/gi, (_, letter, code) => {
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return letter === 'n' ? '\n' : letter;
  });
}

function allTexts() {
  const names = readdirSync(SOURCES, { recursive: true }).filter((name) => name.endsWith('.ts'));
  return new Map(names.sort().flatMap((name) => [...textsIn(readFileSync(join(SOURCES, name), 'utf8'))]));
}

function write(path, language, file, texts) {
  const rules = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const empty = (isCounted) => (isCounted ? Object.fromEntries(rules.map((rule) => [rule, ''])) : '');
  const kept = [...texts].map(([text, isCounted]) => [text, file[text] ?? empty(isCounted)]);
  const sorted = kept.sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}

function main(isWriting) {
  const texts = allTexts();
  const folder = join(SOURCES, 'texts');
  const complaints = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const language = basename(name, '.json');
    const file = JSON.parse(readFileSync(path, 'utf8'));
    if (isWriting) write(path, language, file, texts);
    return complaintsOf(language, file, texts);
  });
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  if (complaints.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.includes('--write'));
