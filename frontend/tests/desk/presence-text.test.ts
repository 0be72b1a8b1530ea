import { expect, it } from 'vitest';
import { presenceText } from '../../src/desk/presence-text.ts';
import { minuteText } from '../../src/format.ts';

it.each([
  [{ state: 'connected', names: ['phone'], timeMs: 5000 }, `connected · phone since ${minuteText(5000)}`],
  [{ state: 'connected', names: ['box', 'phone'], timeMs: null }, 'connected · box, phone'],
  [{ state: 'left', names: ['phone'], timeMs: 60_000 }, 'left 4 min ago'],
  [{ state: 'left', names: [], timeMs: null }, 'not connected'],
  [{ state: 'unknown', names: [], timeMs: null }, ''],
] as const)('%o reads “%s”', (presence, text) => {
  expect(presenceText(presence, 300_000)).toBe(text);
});
