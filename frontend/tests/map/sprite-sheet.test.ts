import { describe, expect, it } from 'vitest';
import { HEADINGS, isAlarm, layerOf, SPRITE, SPRITE_COUNT, spriteFor } from '../../src/map/sprite-sheet.ts';
import type { DrawStatus } from '../../src/map/types.ts';

const ALL: DrawStatus[] = [0, 1, 2, 3, 4, 5, 6];

describe('spriteFor', () => {
  it('turns the arrow with the course, all the way round', () => {
    expect(spriteFor(1, 0)).toBe(0);
    expect(spriteFor(1, 90)).toBe(HEADINGS / 4);
    expect(spriteFor(1, 359.9)).toBe(0);
    expect(spriteFor(1, -90)).toBe((HEADINGS * 3) / 4);
  });

  it('shows a dot when the course is unknown', () => {
    expect(spriteFor(1, null)).toBe(SPRITE.movingDot);
  });

  it('gives every status a shape of its own', () => {
    expect(new Set(ALL.map((status) => spriteFor(status, null))).size).toBe(ALL.length);
    for (const status of ALL) expect(spriteFor(status, 200)).toBeLessThan(SPRITE_COUNT);
  });

  it('draws alarms above all and the parked below the moving', () => {
    expect(isAlarm(spriteFor(6, 10))).toBe(true);
    expect(layerOf(spriteFor(6, 10))).toBeGreaterThan(layerOf(spriteFor(1, 10)));
    expect(layerOf(spriteFor(1, null))).toBeGreaterThan(layerOf(spriteFor(3, null)));
  });
});
