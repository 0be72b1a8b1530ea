import { describe, expect, it } from 'vitest';
import { Glides, HIDDEN } from '../../src/map/glides.ts';
import { nearestSlot, slotsAround } from '../../src/map/hit-test.ts';

function makeGlides(): Glides {
  const glides = new Glides();
  glides.set(0, { fromX: 0.1, fromY: 0.5, toX: 0.3, toY: 0.5, startMs: 0, endMs: 1_000 }, 0);
  glides.set(1, { fromX: 0.6, fromY: 0.5, toX: 0.6, toY: 0.5, startMs: 0, endMs: 0 }, 0);
  return glides;
}

describe('nearestSlot', () => {
  it('finds a vehicle where it is drawn at that moment', () => {
    const glides = makeGlides();
    const point = { x: 0.2, y: 0.5 };
    expect(nearestSlot(glides, { point, radius: 0.02, nowMs: 500 })).toBe(0);
    expect(nearestSlot(glides, { point, radius: 0.02, nowMs: 1_000 })).toBeNull();
  });

  it('prefers the nearest', () => {
    const glides = makeGlides();
    expect(nearestSlot(glides, { point: { x: 0.5, y: 0.5 }, radius: 0.5, nowMs: 0 })).toBe(1);
  });

  it('does not see what is not drawn', () => {
    const glides = makeGlides();
    glides.sprite[1] = HIDDEN;
    expect(nearestSlot(glides, { point: { x: 0.6, y: 0.5 }, radius: 0.1, nowMs: 0 })).toBeNull();
  });

  it('reaches over the date line', () => {
    const glides = makeGlides();
    glides.set(2, { fromX: 0.999, fromY: 0.2, toX: 0.999, toY: 0.2, startMs: 0, endMs: 0 }, 0);
    expect(nearestSlot(glides, { point: { x: 1e-4, y: 0.2 }, radius: 0.01, nowMs: 0 })).toBe(2);
  });

  it('does not see what a cluster stands for', () => {
    const probe = { point: { x: 0.6, y: 0.5 }, radius: 0.1, nowMs: 0 };
    expect(nearestSlot(makeGlides(), { ...probe, absorbed: Uint8Array.of(0, 1) })).toBeNull();
  });
});

it('finds all that lie about a point', () => {
  const box = { point: { x: 0.59, y: 0.51 }, halfWidth: 0.02, halfHeight: 0.02 };
  expect(slotsAround(makeGlides(), { ...box, nowMs: 0 })).toEqual([1]);
  expect(slotsAround(makeGlides(), { ...box, halfHeight: 0.005, nowMs: 0 })).toEqual([]);
});
