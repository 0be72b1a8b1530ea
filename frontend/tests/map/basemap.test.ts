import { describe, expect, it } from 'vitest';
import { STREET_STYLES, widthPx } from '../../src/map/basemap/basemap-style.ts';
import { clipRing } from '../../src/map/basemap/clip.ts';
import { namesWithin, placeNames } from '../../src/map/basemap/street-names.ts';
import { linesWithin, streetsOf } from '../../src/map/basemap/streets.ts';
import { unitX, unitY } from '../../src/map/projection.ts';

const UNIT_BOX = { west: 0, north: 0, east: 1, south: 1 };

function areaOf(ring: Float64Array): number {
  let twice = 0;
  for (let k = 0; k < ring.length; k += 2) {
    const next = (k + 2) % ring.length;
    twice +=
      (ring[k] as number) * (ring[next + 1] as number) - (ring[next] as number) * (ring[k + 1] as number);
  }
  return Math.abs(twice) / 2;
}

describe('clipRing', () => {
  it('leaves a ring inside as it is', () => {
    const ring = Float64Array.of(0.2, 0.2, 0.8, 0.2, 0.5, 0.8);
    expect([...clipRing(ring, UNIT_BOX)]).toEqual([...ring]);
  });

  it('drops a ring outside', () => {
    expect(clipRing(Float64Array.of(2, 2, 3, 2, 3, 3), UNIT_BOX)).toHaveLength(0);
  });

  it('fills the box when the ring lies around it', () => {
    expect(areaOf(clipRing(Float64Array.of(-5, -5, 5, -5, 5, 5, -5, 5), UNIT_BOX))).toBeCloseTo(1);
  });

  it('cuts at the edges', () => {
    expect(areaOf(clipRing(Float64Array.of(0.5, 0.5, 1.5, 0.5, 1.5, 1.5, 0.5, 1.5), UNIT_BOX))).toBeCloseTo(
      0.25,
    );
  });
});

/** 2 km of a straight street eastwards, the same name again beside it, and one far away. */
function makeStreets() {
  return streetsOf({
    classes: ['primary', 'residential'],
    ways: [
      {
        c: 0,
        n: 'Långgatan',
        p: [
          [11.95, 57.7],
          [11.985, 57.7],
        ],
      },
      {
        c: 1,
        n: 'Långgatan',
        p: [
          [11.95, 57.7002],
          [11.98, 57.7002],
        ],
      },
      {
        c: 1,
        n: null,
        p: [
          [13, 58],
          [13.1, 58],
        ],
      },
    ],
  });
}

describe('streets', () => {
  it('finds the ways that touch a box', () => {
    const box = { west: unitX(11.97), east: unitX(11.975), north: unitY(57.71), south: unitY(57.69) };
    expect(linesWithin(makeStreets(), box)).toEqual([0, 1]);
    expect(linesWithin(makeStreets(), { ...box, west: unitX(12), east: unitX(12.5) })).toEqual([]);
  });

  it('writes a name once where it is long enough, and not at all where it does not fit', () => {
    const streets = makeStreets();
    const [name, ...more] = placeNames(streets, { zoom: 14, measurePx: () => 80 });
    expect(more).toHaveLength(0);
    expect(name).toMatchObject({ text: 'Långgatan', angle: 0, widthPx: 80 });
    expect(placeNames(streets, { zoom: 14, measurePx: () => 2_000 })).toHaveLength(0);
    if (name === undefined) return;
    const box = { west: name.x, east: name.x + 1e-9, north: name.y - 1e-9, south: name.y + 1e-9 };
    expect(namesWithin([name], 14, box)).toEqual([name]);
  });

  it('keeps names upright', () => {
    const westwards = streetsOf({
      classes: ['primary'],
      ways: [
        {
          c: 0,
          n: 'X',
          p: [
            [12, 57.7],
            [11.9, 57.7],
          ],
        },
      ],
    });
    expect(placeNames(westwards, { zoom: 14, measurePx: () => 20 })[0]?.angle).toBeCloseTo(0);
  });

  it('draws motorways wider than lanes, and casings around both', () => {
    const [lane, motorway] = [STREET_STYLES[0], STREET_STYLES.at(-1)];
    if (lane === undefined || motorway === undefined) throw new Error('no styles');
    expect(widthPx(motorway, 14, 'fill')).toBeGreaterThan(widthPx(lane, 14, 'fill'));
    expect(widthPx(lane, 15, 'casing')).toBeGreaterThan(widthPx(lane, 15, 'fill'));
    expect(widthPx(lane, 9, 'fill')).toBe(0);
  });
});
