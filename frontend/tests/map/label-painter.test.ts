import { expect, it } from 'vitest';
import { type LabelBox, withoutOverlap } from '../../src/map/label-painter.ts';

function makeBox(text: string, left: number): LabelBox {
  return { text, left, top: 0, width: 50, height: 15 };
}

it('leaves out names that would cover an earlier one', () => {
  const boxes = [makeBox('a', 0), makeBox('b', 49), makeBox('c', 50), { ...makeBox('d', 0), top: 15 }];
  expect(withoutOverlap(boxes).map(({ text }) => text)).toEqual(['a', 'c', 'd']);
});
