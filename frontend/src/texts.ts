/** Texts in the reader's language. The English text is the key; `texts/sv.json` and its like have the others. Pure. */

type Holes<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Value = string | number;
type Values<Name extends string> = [Name] extends [never] ? [] : [values: Readonly<Record<Name, Value>>];
/** Written out where it is given, so that it is found there. */
type Written<T extends string> = string extends T ? never : T;
declare const isMarked: unique symbol;
/** An English text that stands in a table and is looked up later: as it is, or as what others' sentences are made from. */
export type Marked = string & { readonly [isMarked]: true };

type Forms = { readonly [Rule in Intl.LDMLPluralRule]?: string };
export type Texts = Readonly<Record<string, string | Forms>>;

/** `t('Sign out {name}', { name })`. What a language lacks is said in English. */
export function t(text: Marked): string;
export function t<T extends string>(text: Written<T>, ...values: Values<Holes<T>>): string;
export function t(text: string, values?: Readonly<Record<string, Value>>): string {
  const found = reader().texts[text];
  return filled(typeof found === 'string' ? found : text, values);
}

/** `counted('{count} fix', '{count} fixes', 3)`: by the rules that the language has for numbers. */
export function counted<One extends string, Other extends string>(
  one: Written<One>,
  other: Written<Other>,
  count: number,
  ...values: Values<Exclude<Holes<One> | Holes<Other>, 'count'>>
): string {
  const { texts, plurals } = reader();
  const rule = plurals.select(count);
  const found = texts[other];
  const form = typeof found === 'object' ? found[rule] : undefined;
  return filled(form ?? (rule === 'one' ? one : other), { count, ...values[0] });
}

/** For tables made before the language is known: `{ speed: mark('Speed') }`, and at last `t(TITLES.speed)`. */
export function mark<T extends string>(text: Written<T>): Marked {
  return text as string as Marked;
}

/** A sentence that was made elsewhere from one of these English texts, in the reader's language; null where it fits none. */
export function retold(sentence: string, texts: readonly Marked[]): string | null {
  for (const text of texts) {
    const values = valuesIn(sentence, text);
    if (values === null) continue;
    const found = reader().texts[text];
    return filled(typeof found === 'string' ? found : text, values);
  }
  return null;
}

/** `1,234` or as the language writes it. */
export function numberText(count: number, decimals = 0): string {
  const isPlain = decimals === 0 && Number.isInteger(count) && Math.abs(count) < 1000;
  return isPlain ? String(count) : numbersOf(decimals).format(count);
}

/** The language with the reader's country, where the browser knows it: `sv-FI`. */
export function locale(): string {
  return reader().locale;
}

/** Once a page, before anything is said. */
export function useTexts(localeName: string, texts: Texts): void {
  known = { locale: localeName, texts, plurals: new Intl.PluralRules(localeName), numbers: [] };
}

interface Reader {
  readonly locale: string;
  readonly texts: Texts;
  readonly plurals: Intl.PluralRules;
  /** By decimals. Making one costs a hundred times what using it does. */
  readonly numbers: Intl.NumberFormat[];
}

let known: Reader | null = null;

/** Throws where a text would be said in English to somebody whose language is still on its way. */
function reader(): Reader {
  if (known === null) throw new Error('a text was asked for before loadTexts(): see mark()');
  return known;
}

function numbersOf(decimals: number): Intl.NumberFormat {
  const { numbers, locale: name } = reader();
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  numbers[decimals] ??= new Intl.NumberFormat(name, digits);
  return numbers[decimals];
}

/** What stands where the text has its holes. */
function valuesIn(sentence: string, text: string): Readonly<Record<string, string>> | null {
  const pattern = text
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replace(/\\\{(\w+)\\\}/g, (_, name: string) => `(?<${name}>.+)`);
  const found = new RegExp(`^${pattern}$`, 'u').exec(sentence);
  return found && { ...found.groups };
}

function filled(text: string, values: Readonly<Record<string, Value>> | undefined): string {
  if (values === undefined) return text;
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? numberText(value) : (value ?? hole);
  });
}
