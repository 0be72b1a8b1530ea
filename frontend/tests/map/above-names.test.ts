import { expect, it } from 'vitest';
import { aboveNamesIn } from '../../src/map/above-names.ts';
import type { Crowd } from '../../src/map/crowd.ts';
import { Glides, HIDDEN } from '../../src/map/glides.ts';
import { spriteFor } from '../../src/map/sprite-sheet.ts';
import type { DrawStatus } from '../../src/map/types.ts';

const WORLD = 1_000;
const BOX = { left: 400, top: 400, width: 200, height: 200 };

function makeGlides(...vehicles: readonly (readonly [x: number, y: number, status: DrawStatus])[]): Glides {
  const glides = new Glides();
  vehicles.forEach(([x, y, status], slot) => {
    const at = { fromX: x, toX: x, fromY: y, toY: y, startMs: 0, endMs: 0 };
    glides.set(slot, at, spriteFor(status, null));
  });
  return glides;
}

const found = (glides: Glides, crowd: Crowd | null = null) =>
  aboveNamesIn({ box: BOX, world: WORLD, nowMs: 0 }, glides, crowd);

it('tells who passes from who stands, in the part and on its copy of the world', () => {
  const glides = makeGlides([0.5, 0.5, 1], [0.55, 0.5, 3], [1.45, 0.5, 2], [0.7, 0.5, 3]);
  expect(found(glides).vehicles).toEqual([
    { x: 500, y: 500, isStill: false },
    { x: 550, y: 500, isStill: true },
    { x: expect.closeTo(450), y: 500, isStill: true },
  ]);
});

it('has a cluster in place of those that it stands for, and nobody who is hidden', () => {
  const glides = makeGlides([0.5, 0.5, 1], [0.5, 0.5, 1], [0.5, 0.5, 1]);
  glides.sprite[2] = HIDDEN;
  const bounds = { west: 0, north: 0, east: 0, south: 0 };
  const crowd = {
    absorbed: Uint8Array.of(1, 1, 0),
    clusters: [{ x: 0.5, y: 0.5, radius: 0.013, ...bounds }],
  };
  expect(found(glides, crowd)).toEqual({
    vehicles: [],
    clusters: [{ left: 487, top: 487, width: 26, height: 26 }],
  });
});
