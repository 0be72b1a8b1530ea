/** Which language the reader wants: what was chosen, else the browser's first that we have, as Django judges it too. */
import { type Texts, useTexts } from './texts.ts';

export const LANGUAGES = { en: 'English', sv: 'Svenska', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** Django reads the same one, so that page and program speak alike. */
const COOKIE = 'fleet_language';
const YEAR_S = 366 * 86_400;

const FILES: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: Texts }>>> = {
  sv: () => import('./texts/sv.json'),
  de: () => import('./texts/de.json'),
};

/** Before anything is shown. Without its file a page speaks English rather than not at all. */
export async function loadTexts(): Promise<void> {
  const chosen = chosenLanguage(document.cookie);
  if (chosen !== null) chooseLanguage(chosen); // again: some browsers forget after a week what a script told them
  const language = chosen ?? spokenLanguage(navigator.languages);
  const texts =
    language === 'en'
      ? {}
      : await FILES[language]().then(
          (file) => file.default,
          () => null,
        );
  const said = texts === null ? 'en' : language;
  document.documentElement.lang = said;
  useTexts(localeOf(said, navigator.languages), texts ?? {});
}

/** Null: as the browser. The page must begin anew. */
export function chooseLanguage(language: Language | null): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  const lasts = `Max-Age=${language === null ? 0 : YEAR_S}; Path=/; SameSite=Lax${secure}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not everywhere, and this must be done before a reload
  document.cookie = `${COOKIE}=${language ?? ''}; ${lasts}`;
}

/** Null: none that we have. */
export function chosenLanguage(cookies: string): Language | null {
  const [, value] = /(?:^|; )fleet_language=([^;]*)/.exec(cookies) ?? [];
  return isLanguage(value) ? value : null;
}

export function spokenLanguage(tags: readonly string[]): Language {
  return tags.map(languageOf).find(isLanguage) ?? 'en';
}

/** With the country of the reader's own wish for that language: `sv-FI`. */
export function localeOf(language: Language, tags: readonly string[]): string {
  return tags.find((tag) => languageOf(tag) === language) ?? language;
}

function languageOf(tag: string): string {
  return tag.toLowerCase().split('-', 1)[0] ?? '';
}

export function isLanguage(name: string | undefined): name is Language {
  return name !== undefined && Object.hasOwn(LANGUAGES, name);
}
