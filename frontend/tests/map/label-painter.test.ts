import { describe, expect, it } from 'vitest';
import {
  AUTO_FROM,
  AUTO_FROM_ZOOM,
  AUTO_UNTIL,
  LabelPainter,
  LabelRule,
  MOST_LABELS,
} from '../../src/map/label-painter.ts';
import type { Context } from '../../src/map/sprite-art.ts';

describe('LabelRule', () => {
  it('shows names by themselves when few are near, and a few more do not end it', () => {
    const rule = new LabelRule();
    expect(rule.areShown(AUTO_FROM_ZOOM, AUTO_FROM + 1)).toBe(false);
    expect(rule.areShown(AUTO_FROM_ZOOM, AUTO_FROM)).toBe(true);
    expect(rule.areShown(AUTO_FROM_ZOOM, AUTO_UNTIL)).toBe(true);
    expect(rule.areShown(AUTO_FROM_ZOOM, AUTO_UNTIL + 1)).toBe(false);
    expect(rule.areShown(AUTO_FROM_ZOOM, AUTO_UNTIL)).toBe(false);
    expect(rule.areShown(AUTO_FROM_ZOOM - 1, 1)).toBe(false);
  });

  it('obeys who wants them always, or never', () => {
    const rule = new LabelRule();
    rule.labels = 'on';
    expect(rule.areShown(3, MOST_LABELS)).toBe(true);
    expect(rule.areShown(3, MOST_LABELS + 1)).toBe(false);
    rule.labels = 'off';
    expect(rule.areShown(19, 1)).toBe(false);
  });
});

it('asks once for names that it lacks', () => {
  const labels = new LabelPainter();
  const context = { measureText: () => ({ width: 9 }), strokeText: () => {}, fillText: () => {} };
  const write = () =>
    labels.write(context as unknown as Context, [{ slot: 4, x: 0, y: 0 }], {
      theme: 'light',
      scale: 1,
      taken: [],
      marked: new Set(),
    });
  write();
  write();
  expect(labels.takeUnnamed()).toEqual([4]);
  labels.learn([[4, 'Bus']]);
  write();
  expect(labels.takeUnnamed()).toEqual([]);
  labels.forget([4]);
  write();
  expect(labels.takeUnnamed()).toEqual([4]);
});
