import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { complaintsOf, textsIn } from '../scripts/texts.mjs';
import { counted, locale, mark, numberText, t, useTexts } from '../src/texts.ts';

const SWEDISH = {
  'Sign out {name}': 'Logga ut {name}',
  Speed: 'Fart',
  '{count} fixes': { one: '{count} position', other: '{count} positioner' },
};

afterEach(() => useTexts('en-US', {}));

describe('in English', () => {
  it('says the text itself, with its holes filled', () => {
    expect(t('Sign out {name}', { name: '{other}' })).toBe('Sign out {other}');
    expect(t(mark('Speed'))).toBe('Speed');
  });

  it('counts', () => {
    expect([0, 1, 2, 1234].map((count) => counted('{count} fix', '{count} fixes', count))).toEqual([
      '0 fixes',
      '1 fix',
      '2 fixes',
      '1,234 fixes',
    ]);
  });
});

describe('in another language', () => {
  it('says what its file has, and the rest in English', () => {
    useTexts('sv-SE', SWEDISH);
    expect(t('Sign out {name}', { name: 'Anna' })).toBe('Logga ut Anna');
    expect(t(mark('Speed'))).toBe('Fart');
    expect(t('Clock')).toBe('Clock');
    expect(locale()).toBe('sv-SE');
  });

  it('counts by the rules and writes numbers by the habits of the language', () => {
    useTexts('sv', SWEDISH);
    expect(counted('{count} fix', '{count} fixes', 1)).toBe('1 position');
    expect(counted('{count} fix', '{count} fixes', 0)).toBe('0 positioner');
    expect(numberText(1234.5, 2)).toBe('1\u00a0234,50');
    useTexts('de', {});
    expect(numberText(1234.5, 1)).toBe('1.234,5');
  });
});

it('asks for each hole, and for a text that can be found in the sources', () => {
  // @ts-expect-error: the hole is not filled
  t('Sign out {name}');
  // @ts-expect-error: the text has no such hole
  t('Sign out', { name: 'Anna' });
  const made: string = ['Sign', 'out'].join(' ');
  // @ts-expect-error: nobody could translate it
  expect(t(made)).toBe('Sign out');
  expectTypeOf(counted<'{count} fix of {name}', '{count} fixes of {name}'>)
    .parameter(3)
    .toEqualTypeOf<Readonly<Record<'name', string | number>>>();
});

describe('the texts in a source', () => {
  it('are found in all their quotes, over lines, with their plural forms', () => {
    const source = `
      t('Sign out {name}', { name }); t(\n  "driver's",\n); t(\`a “b”\`); mark('Speed');
      counted(\n  '{count} fix',\n  '{count} fixes',\n  3);
      t('tab\\u00a0here'); at('x'); this.t('y'); not.counted('1', '2');`;
    expect([...textsIn(source)]).toEqual([
      ['Sign out {name}', false],
      ["driver's", false],
      ['a “b”', false],
      ['Speed', false],
      ['tab\u00a0here', false],
      ['{count} fixes', true],
    ]);
  });
});

describe('a language file', () => {
  const texts = new Map(Object.entries(SWEDISH).map(([text, said]) => [text, typeof said === 'object']));

  it('is complete', () => {
    expect(complaintsOf('sv', SWEDISH, texts)).toEqual([]);
  });

  it.each([
    [{ Speed: '' }, 'missing: Speed'],
    [{ Old: 'Gammal' }, 'nothing says: Old'],
    [{ 'Sign out {name}': 'Logga ut {namn}' }, 'other holes: Sign out {name}'],
    [{ 'Sign out {name}': 'Logga ut' }, 'other holes: Sign out {name}'],
    [{ '{count} fixes': '{count} positioner' }, 'needs plural forms: {count} fixes'],
    [{ Speed: { one: 'Fart', other: 'Fart' } }, 'has plural forms: Speed'],
    [{ '{count} fixes': { other: '{count}' } }, 'needs the forms one, other: {count} fixes'],
    [{ '{count} fixes': { one: 'en position', other: '{antal}' } }, 'other holes: {count} fixes'],
  ])('of which %j is complained of', (wrong, complaint) => {
    expect(complaintsOf('sv', { ...SWEDISH, ...wrong }, texts)).toEqual([`sv: ${complaint}`]);
  });
});
