import { describe, expect, it } from 'vitest';
import { flatRings, type Point } from '../../scripts/over-date-line.mjs';

function ring(...points: Point[]): Point[] {
  return [...points, points[0] as Point];
}

describe('rings of a globe', () => {
  it('leaves alone what lies on one side', () => {
    const europe = ring([10, 50], [20, 50], [20, 60]);
    expect(flatRings(europe)).toEqual([europe]);
  });

  it('parts at the date line what crosses it', () => {
    const island = ring([178, 70], [-178, 70], [-178, 72], [178, 72]);
    expect(flatRings(island)).toEqual([
      ring([-180, 70], [-178, 70], [-178, 72], [-180, 72]),
      ring([178, 70], [180, 70], [180, 72], [178, 72]),
    ]);
  });

  it('closes along the pole what goes around it', () => {
    const ice = ring([-180, -70], [-60, -72], [60, -72]);
    const flat = flatRings(ice);
    expect(flat).toHaveLength(1);
    expect(flat[0]?.slice(-4)).toEqual([
      [180, -70],
      [180, -90],
      [-180, -90],
      [-180, -70],
    ]);
  });
});
