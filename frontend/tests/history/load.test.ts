import { afterEach, expect, it } from 'vitest';
import { refusal } from '../../src/history/load.ts';
import { useTexts } from '../../src/texts.ts';

afterEach(() => useTexts('en-US', {}));

it('says in the reader’s language why nothing came', () => {
  useTexts('sv', {
    'The server cannot be reached. Try again.': 'Servern kan inte nås. Försök igen.',
    'The server answered {status}.': 'Servern svarade {status}.',
    'The server is busy; try again in a moment.': 'Servern är upptagen; försök igen om en stund.',
  });
  expect(refusal(0, null).message).toBe('Servern kan inte nås. Försök igen.');
  expect(refusal(502, '<html>').message).toBe('Servern svarade 502.');
  expect(refusal(503, { code: 'busy', detail: 'The server is busy.' }).message).toBe(
    'Servern är upptagen; försök igen om en stund.',
  );
});

it('has the server’s own sentence where it knows more', () => {
  const detail = 'There is no vehicle van, or you may not see it.';
  expect(refusal(404, { code: 'not_found', detail }).message).toBe(detail);
});
