import { describe, expect, it } from 'vitest';
import { type Crowd, clusterAt, crowdOf } from '../../src/map/crowd.ts';
import { Glides, HIDDEN } from '../../src/map/glides.ts';
import type { PictureView } from '../../src/map/picture-view.ts';
import { Scene } from '../../src/map/scene.ts';
import { SPRITE } from '../../src/map/sprite-sheet.ts';

/** 128 by 128 pixels in the middle of a world of 1,000. */
const VIEW: PictureView = { zoom: 10, scale: 1, world: 1_024, left: 448, top: 448, width: 128, height: 128 };
const ALL_ALONE = new Set<number>();

function makeCrowd(count: number, sprites: Readonly<Record<number, number>> = {}): Glides {
  const glides = new Glides();
  for (let slot = 0; slot < count; slot++) {
    const x = (470 + slot) / VIEW.world;
    const glide = { fromX: x, fromY: 0.47, toX: x, toY: 0.47, startMs: 0, endMs: 0 };
    glides.set(slot, glide, sprites[slot] ?? SPRITE.stopped);
  }
  return glides;
}

function drawn(scene: Scene): number[] {
  return scene.layers.flatMap((layer) => layer.spots().map(({ slot }) => slot));
}

describe('Scene', () => {
  it('puts a cluster in the place of a crowd', () => {
    const scene = new Scene(makeCrowd(9));
    scene.collect({ view: VIEW, nowMs: 0, marked: ALL_ALONE });
    expect(drawn(scene)).toEqual([]);
    expect(scene.clusters).toMatchObject([{ count: 9, status: 3 }]);
    expect(scene.isAbsorbed(8)).toBe(true);
  });

  it('never hides an alarm or what is marked', () => {
    const scene = new Scene(makeCrowd(12, { 2: SPRITE.alarmDot, 5: HIDDEN }));
    scene.collect({ view: VIEW, nowMs: 0, marked: new Set([7]) });
    expect(drawn(scene)).toEqual([7, 2]);
    expect(scene.clusters).toMatchObject([{ count: 9 }]);
  });

  it('draws every vehicle as close as the map goes', () => {
    const scene = new Scene(makeCrowd(9));
    scene.collect({ view: { ...VIEW, zoom: 19 }, nowMs: 0, marked: ALL_ALONE });
    expect(drawn(scene)).toHaveLength(9);
  });

  it('is in no hurry while a cluster hardly moves', () => {
    const glides = makeCrowd(8);
    glides.set(0, { fromX: 0.46, fromY: 0.47, toX: 0.47, toY: 0.47, startMs: 0, endMs: 1_000 }, 0);
    const scene = new Scene(glides);
    scene.collect({ view: VIEW, nowMs: 500, marked: ALL_ALONE });
    expect(scene.fastest).toBeCloseTo(10.24 / 1_000 / 8);
  });
});

describe('a crowd', () => {
  const scene = new Scene(makeCrowd(9));
  scene.collect({ view: VIEW, nowMs: 0, marked: ALL_ALONE });
  const crowd = crowdOf(scene, VIEW) as Crowd;

  it('is found under its disc only', () => {
    const [cluster] = crowd.clusters;
    const point = { x: cluster?.x ?? 0, y: cluster?.y ?? 0 };
    expect(clusterAt(crowd, point)).toBe(cluster);
    expect(clusterAt(crowd, { ...point, x: point.x + 14 / VIEW.world })).toBeNull();
    expect(clusterAt(crowd, { ...point, x: point.x + 1 })).toBe(cluster);
    expect(clusterAt(null, point)).toBeNull();
  });

  it('spans its members', () => {
    const [{ west = 0, east = 0 } = {}] = crowd.clusters;
    expect((east - west) * VIEW.world).toBeCloseTo(8);
  });

  it('is none without a cluster', () => {
    const alone = new Scene(makeCrowd(2));
    alone.collect({ view: VIEW, nowMs: 0, marked: ALL_ALONE });
    expect(crowdOf(alone, VIEW)).toBeNull();
  });
});
