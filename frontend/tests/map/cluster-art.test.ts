import { expect, it } from 'vitest';
import { countText } from '../../src/map/cluster-art.ts';

it.each([
  [8, '8'],
  [999, '999'],
  [1_000, '1.0k'],
  [1_280, '1.2k'],
  [9_999, '9.9k'],
  [34_900, '34k'],
])('counts %d as %s', (count, text) => {
  expect(countText(count)).toBe(text);
});
