import { describe, expect, it } from 'vitest';
import { chosenLanguage, localeOf, spokenLanguage } from '../src/language.ts';

describe('the language', () => {
  it.each([
    ['', null],
    ['fleet_language=sv', 'sv'],
    ['csrftoken=a; fleet_language=de; other=b', 'de'],
    ['fleet_language=toString', null],
    ['my_fleet_language=sv', null],
  ])('is chosen by the cookie: %j', (cookies, language) => {
    expect(chosenLanguage(cookies)).toBe(language);
  });

  it.each([
    [['sv-FI', 'en'], 'sv'],
    [['nb', 'de-AT', 'sv'], 'de'],
    [['EN-gb', 'sv'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('is else the first of the browser that we have: %j', (tags, language) => {
    expect(spokenLanguage(tags)).toBe(language);
  });

  it('keeps the country of the reader', () => {
    expect(localeOf('sv', ['en-GB', 'sv-FI'])).toBe('sv-FI');
    expect(localeOf('de', ['en-GB', 'sv-FI'])).toBe('de');
  });
});
