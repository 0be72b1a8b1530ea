/** What a kind of vehicle is called by its reader. */
import { type Marked, mark, t } from './texts.ts';

const WORDS: Readonly<Record<string, Marked>> = {
  car: mark('car'),
  van: mark('van'),
  truck: mark('truck'),
  bus: mark('bus'),
  bike: mark('bike'),
  other: mark('other'),
};

/** A newer server may know further ones. */
export function kindText(kind: string): string {
  const word = WORDS[kind];
  return word === undefined ? kind : t(word);
}
