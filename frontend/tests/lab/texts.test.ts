import { expect, it } from 'vitest';
import { bytesText, cpuText, secondsText } from '../../src/lab/texts.ts';

it.each([
  [null, '–'],
  [0, '0 B'],
  [999, '999 B'],
  [1234, '1.23 kB'],
  [45_600, '45.6 kB'],
  [456_000, '456 kB'],
  [7_890_000, '7.89 MB'],
])('says %s bytes as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

it.each([
  [null, '–'],
  [204, '0.20 s'],
  [9994, '9.99 s'],
  [12_340, '12.3 s'],
])('says an age of %s ms as %s', (ageMs, text) => {
  expect(secondsText(ageMs)).toBe(text);
});

it.each([
  [{ perUpdateMs: null, plusMinusMs: 0 }, 'no update came'],
  [{ perUpdateMs: 0.25, plusMinusMs: 0.05 }, '250 µs ± 50 µs'],
  [{ perUpdateMs: 0.02, plusMinusMs: 0.05 }, 'below 70 µs'],
])('says %j as %s', (share, text) => {
  expect(cpuText(share)).toBe(text);
});
