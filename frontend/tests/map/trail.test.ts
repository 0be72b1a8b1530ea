import { describe, expect, it } from 'vitest';
import type { PictureView } from '../../src/map/picture-view.ts';
import { GAP, TRAIL_ROW, trailRows } from '../../src/map/trail.ts';
import { linesOf } from '../../src/map/trail-painter.ts';
import type { TrailPoint } from '../../src/map/types.ts';

const VIEW: PictureView = { zoom: 1, scale: 1, world: 1_000, left: 0, top: 0, width: 1_000, height: 1_000 };

function makePoint(at_s: number, more: Partial<TrailPoint> = {}): TrailPoint {
  return { timeMs: at_s * 1_000, lat: 0, lon: at_s / 10_000, speedMps: 10, ...more };
}

function classes(points: readonly TrailPoint[]): number[] {
  const rows = trailRows(points);
  return Array.from({ length: points.length }, (_, i) => rows[i * TRAIL_ROW + 2] as number);
}

describe('trailRows', () => {
  it('has no way to the first point', () => {
    expect(classes([makePoint(0), makePoint(1)])).toEqual([GAP, 2]);
  });

  it('takes the speed from the way when the receiver gave none', () => {
    expect(classes([makePoint(0), makePoint(1, { speedMps: null })])).toEqual([GAP, 2]);
  });

  it('knows no way through silence or a jump', () => {
    expect(classes([makePoint(0), makePoint(1), makePoint(2), makePoint(23)])).toEqual([GAP, 2, 2, GAP]);
    expect(classes([makePoint(0), makePoint(1, { lat: 1 })])).toEqual([GAP, GAP]);
  });

  it('is patient with a tracker that seldom reports', () => {
    expect(classes([makePoint(0), makePoint(60), makePoint(120)])).toEqual([GAP, 2, 2]);
  });

  it('crosses the date line the short way', () => {
    const rows = trailRows([makePoint(0, { lon: 179.9999 }), makePoint(1, { lon: -179.9999 })]);
    expect(Math.abs((rows[TRAIL_ROW] as number) - (rows[0] as number))).toBeLessThan(0.001);
  });
});

describe('linesOf', () => {
  it('draws a line a speed, joined where it changes', () => {
    const rows = Float64Array.of(0.1, 0.1, GAP, 0.2, 0.1, 1, 0.3, 0.1, 1, 0.4, 0.1, 3);
    expect(linesOf(rows, VIEW)).toEqual([
      { speed: 1, places: [100, 100, 200, 100, 300, 100] },
      { speed: 3, places: [300, 100, 400, 100] },
    ]);
  });

  it('draws nothing through a gap', () => {
    const rows = Float64Array.of(0.1, 0.1, GAP, 0.2, 0.1, 1, 0.5, 0.1, GAP, 0.6, 0.1, 1);
    expect(linesOf(rows, VIEW).map(({ places }) => places)).toEqual([
      [100, 100, 200, 100],
      [500, 100, 600, 100],
    ]);
  });

  it('leaves out steps that nobody sees, but not the last', () => {
    const rows = Float64Array.of(0.1, 0.1, GAP, 0.2, 0.1, 1, 0.2005, 0.1, 1, 0.2011, 0.1, 1);
    expect(linesOf(rows, VIEW)[0]?.places).toHaveLength(6);
  });
});
