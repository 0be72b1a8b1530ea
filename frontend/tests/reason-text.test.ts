import { afterEach, expect, it } from 'vitest';
import { reasonText } from '../src/reason-text.ts';
import swedish from '../src/texts/sv.json';
import { useTexts } from '../src/texts.ts';

afterEach(() => useTexts('en-US', {}));

it('is the server’s own in English', () => {
  expect(reasonText("There is no time zone 'Haga'.")).toBe("There is no time zone 'Haga'.");
});

it.each([
  ["There is no time zone 'Haga'.", "Tidszonen 'Haga' finns inte."],
  ['A time limit lies between 1 and 2592000 s.', 'En tidsgräns är mellan 1 och 2592000 s.'],
  [
    'Ensure this value is less than or equal to 9. A time limit lies between 1 and 8 s.',
    'Värdet får vara högst 9. En tidsgräns är mellan 1 och 8 s.',
  ],
  ["there is no vehicle 'x' that you may see", "det finns inget fordon 'x' som du får se"],
  ["there is no vehicle 'x'", "det finns inget fordon 'x'"],
  ['This field cannot be blank. What nobody knows.', 'Fältet får inte vara tomt. What nobody knows.'],
])('%s has its values in the reader’s language', (reason, said) => {
  useTexts('sv-SE', swedish);
  expect(reasonText(reason)).toBe(said);
});
