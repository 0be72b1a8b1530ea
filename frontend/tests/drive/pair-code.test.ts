import { expect, it } from 'vitest';
import { findCode, shownCode } from '../../src/drive/pair-code.ts';
import { isPairing, keepsOutbox, type Pairing } from '../../src/drive/pairing.ts';

const PAIRING: Pairing = { token: 't', label: 'phone of Anna', vehicle: 'van', name: 'Van', plate: '' };

it.each([
  'K7QM3WXD',
  'k7qm-3wxd',
  ' K7QM 3WXD ',
  '#pair=K7QM3WXD',
  'https://fleet.example.org/drive#pair=K7QM3WXD',
])('finds the code in %s', (text) => {
  expect(findCode(text)).toBe('K7QM3WXD');
});

it.each([
  '',
  '#',
  '#pair=',
  'K7QM3WX',
  'K7QM3WX0',
  'K7QM3WXI',
  'K7QM3WXL',
  'K7QM3WXO',
  'K7QM3WXU',
  'https://fleet.example.org/drive',
])('finds no code in %s', (text) => {
  expect(findCode(text)).toBeNull();
});

it('shows a code in two halves', () => {
  expect(shownCode('K7QM3WXD')).toBe('K7QM-3WXD');
});

it('knows what pairing gives', () => {
  expect(isPairing(PAIRING)).toBe(true);
  expect(isPairing({ ...PAIRING, token: undefined })).toBe(false);
});

it('keeps what waits for the same vehicle alone', () => {
  expect(keepsOutbox(null, PAIRING)).toBe(true);
  expect(keepsOutbox({ ...PAIRING, token: 'old' }, PAIRING)).toBe(true);
  expect(keepsOutbox({ ...PAIRING, vehicle: 'bus' }, PAIRING)).toBe(false);
});
