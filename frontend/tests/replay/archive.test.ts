import { describe, expect, it } from 'vitest';
import { Archive } from '../../src/replay/archive.ts';
import { buffersOf, splitHours } from '../../src/replay/chunk.ts';
import { DEGREE_M, drive, type Going, HOUR, HOUR_MS, makeChunk } from './helpers.ts';

const [MOVING, IDLE, STOPPED] = [1, 2, 3];

function makeArchive(going: Going, more: { stepS?: number; isLimited?: boolean } = {}): Archive {
  const archive = new Archive();
  archive.add(makeChunk({ van: going }, more), 'fine', HOUR);
  return archive;
}

function northM(archive: Archive, atS: number): number | null {
  const place = archive.placeOf('van', HOUR + atS * 1_000);
  return place && Math.round((place.lat - 57.7) * DEGREE_M);
}

describe('an hour of the past', () => {
  it('is columns of integers that can be handed over', () => {
    const chunk = makeChunk({ bus: [[0, 0]], van: drive(0, 20, 10) });
    expect([...chunk.starts]).toEqual([0, 1, 4]);
    expect([...chunk.timesMs]).toEqual([0, 0, 10_000, 20_000]);
    expect(buffersOf(chunk).every((buffer) => buffer instanceof ArrayBuffer)).toBe(true);
  });

  it('is cut out of a longer span, with the newest fix before it', () => {
    const [first, second, third] = splitHours(
      makeChunk({ bus: drive(3_600, 3_620, 8), van: [[-60, 0], ...drive(3_580, 3_605, 10)] }),
      3,
    ).map(({ slugs, starts, timesMs, hourMs }) => ({
      slugs,
      starts: [...starts],
      times: [...timesMs],
      hour: (hourMs - HOUR) / HOUR_MS,
    }));
    expect(first).toEqual({
      slugs: ['van'],
      starts: [0, 3],
      times: [-60_000, 3_580_000, 3_590_000],
      hour: 0,
    });
    expect(second).toEqual({
      slugs: ['bus', 'van'],
      starts: [0, 3, 4],
      times: [0, 10_000, 20_000, 0],
      hour: 1,
    });
    expect(third).toEqual({
      slugs: ['bus', 'van'],
      starts: [0, 1, 2],
      times: [-3_580_000, -3_600_000],
      hour: 2,
    });
  });
});

describe('where a vehicle was', () => {
  it('lies between two fixes by their times', () => {
    expect(northM(makeArchive(drive(0, 100, 10)), 35)).toBe(350);
  });

  it('is nowhere before its first fix, and where it was last after the last', () => {
    const archive = makeArchive(drive(60, 120, 10));
    expect(northM(archive, 30)).toBeNull();
    expect(northM(archive, 3_000)).toBe(600);
  });

  it('does not glide through a silence', () => {
    const archive = makeArchive([...drive(0, 60, 10), ...drive(1_000, 1_060, 10, 9_000)]);
    expect(northM(archive, 500)).toBe(600);
    expect(archive.placeOf('van', HOUR + 500_000)).toMatchObject({ speedMps: null, fixMs: HOUR + 60_000 });
  });

  it('is not told after a silence to who sees some regions only', () => {
    const archive = makeArchive(drive(0, 60, 10), { isLimited: true });
    expect(northM(archive, 200)).toBe(600);
    expect(northM(archive, 400)).toBeNull();
  });

  it('goes on into the next hour', () => {
    const archive = makeArchive(drive(3_480, 3_580, 10));
    archive.add(
      makeChunk({ van: [[-20, 1_000], ...drive(20, 60, 10, 1_400)] }, { hourMs: HOUR + HOUR_MS }),
      'fine',
      HOUR,
    );
    expect(northM(archive, 3_600 - 0.001)).toBe(1_200);
  });

  it('counts as just heard of where steps are too long to tell silence', () => {
    const archive = makeArchive(
      [
        [0, 0],
        [120, 500],
      ],
      { stepS: 120 },
    );
    expect(archive.placeOf('van', HOUR + 90_000)?.fixMs).toBe(HOUR + 90_000);
    expect(makeArchive(drive(0, 20, 5)).placeOf('van', HOUR + 15_000)?.fixMs).toBe(HOUR + 10_000);
  });
});

describe('what it did', () => {
  const going = [...drive(0, 600, 10), ...drive(610, 1_800, 0, 6_000), ...drive(1_810, 2_000, 10, 6_100)];
  it.each([
    [300, MOVING, 0],
    [700, IDLE, null],
    [1_500, STOPPED, null],
    [1_900, MOVING, 0],
  ])('after %d s', (atS, status, courseDeg) => {
    expect(makeArchive(going).placeOf('van', HOUR + atS * 1_000)).toMatchObject({ status, courseDeg });
  });
});

describe('the way it had made', () => {
  it('has each fix of the span once, over the hour', () => {
    const archive = makeArchive(drive(3_570, 3_590, 10));
    archive.add(
      makeChunk({ van: [[-10, 200], ...drive(0, 30, 10, 300)] }, { hourMs: HOUR + HOUR_MS }),
      'fine',
      HOUR,
    );
    const trail = archive.trailOf('van', [HOUR + 3_580_000, HOUR + HOUR_MS + 10_000]);
    expect(trail.map(({ timeMs }) => (timeMs - HOUR) / 1_000)).toEqual([3_580, 3_590, 3_600, 3_610]);
  });

  it.each([
    [1, 20_000],
    [-1, 10_000],
  ] as const)('leads from fix to fix: %d', (step, at) => {
    expect(makeArchive(drive(0, 60, 10)).neighbourMs('van', HOUR + 15_000, step)).toBe(HOUR + at);
  });

  it('ends', () => {
    expect(makeArchive(drive(0, 60, 10)).neighbourMs('van', HOUR + 60_000, 1)).toBeNull();
  });
});

describe('memory', () => {
  it('keeps the fine hours nearest to the cursor, and the coarse ones', () => {
    const archive = new Archive(20);
    for (const hour of [0, 1, 2, 3]) {
      const chunk = makeChunk({ van: drive(0, 90, 10) }, { hourMs: HOUR + hour * HOUR_MS });
      archive.add(chunk, 'outline', HOUR + 3 * HOUR_MS);
      if (hour > 0) archive.add(chunk, 'coarse', HOUR + 3 * HOUR_MS);
      archive.add(chunk, 'fine', HOUR + 3 * HOUR_MS);
    }
    const has = [0, 1, 2, 3].map((hour) => archive.gradeAt(HOUR + hour * HOUR_MS));
    expect(has).toEqual(['outline', 'coarse', 'fine', 'fine']);
    archive.clear();
    expect(archive.gradeAt(HOUR)).toBeNull();
  });
});
