import { describe, expect, it } from 'vitest';
import { isSameView, middleOf, pictureViewOf } from '../../src/map/picture-view.ts';
import { unitX, unitY } from '../../src/map/projection.ts';

const VIEWPORT = {
  centre: { lat: 57.7, lon: 11.96, zoom: 13 },
  widthPx: 1_200,
  heightPx: 800,
  scale: 2,
  marginPx: 50,
};

describe('pictureViewOf', () => {
  it('covers the map and a margin, in device pixels', () => {
    const view = pictureViewOf(VIEWPORT);
    expect([view.width, view.height]).toEqual([2_600, 1_800]);
    expect(view.world).toBe(256 * 2 ** 13 * 2);
    expect(Number.isInteger(view.left) && Number.isInteger(view.top)).toBe(true);
  });

  it('has the centre of the map in its middle, to a pixel', () => {
    const view = pictureViewOf(VIEWPORT);
    expect(Math.abs(middleOf(view).x - unitX(11.96)) * view.world).toBeLessThanOrEqual(1);
    expect(Math.abs(middleOf(view).y - unitY(57.7)) * view.world).toBeLessThanOrEqual(1);
  });

  it('tells a moved view from the same', () => {
    const view = pictureViewOf(VIEWPORT);
    expect(isSameView(view, pictureViewOf(VIEWPORT))).toBe(true);
    expect(isSameView(view, { ...view, left: view.left + 1 })).toBe(false);
    expect(isSameView(null, view)).toBe(false);
  });
});
