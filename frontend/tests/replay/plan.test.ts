import { describe, expect, it } from 'vitest';
import { activityOf, quietSpans } from '../../src/replay/activity.ts';
import { Archive } from '../../src/replay/archive.ts';
import { isWanted, type Look, nextHour, stepFor } from '../../src/replay/chunk-plan.ts';
import { drive, HOUR, HOUR_MS, makeChunk } from './helpers.ts';

const DAY: readonly [number, number] = [HOUR, HOUR + 24 * HOUR_MS - 1_000];

function makeLook(more: Partial<Look> = {}): Look {
  return { cursorMs: HOUR + 5.5 * HOUR_MS, window: DAY, isPlaying: false, isResting: true, ...more };
}

function hoursGot(grade: 'coarse' | 'fine', look: Look, archive = new Archive()): number[] {
  const got: number[] = [];
  for (let hour = nextHour(grade, archive, look); hour !== null; hour = nextHour(grade, archive, look)) {
    got.push((hour - HOUR) / HOUR_MS);
    archive.add(makeChunk({}, { hourMs: hour }), grade, look.cursorMs);
  }
  return got;
}

function makeOverview(): Archive {
  const archive = new Archive();
  hoursGot('coarse', makeLook(), archive);
  return archive;
}

describe('which hour is next', () => {
  it('goes from the cursor outwards until all of the window is there', () => {
    const got = hoursGot('coarse', makeLook());
    expect(got.slice(0, 5)).toEqual([5, 6, 4, 7, 3]);
    expect(got).toHaveLength(24);
  });

  it('gets the hour that begins where the window ends', () => {
    expect(
      hoursGot('coarse', makeLook({ window: [HOUR, HOUR + HOUR_MS], cursorMs: HOUR + HOUR_MS })),
    ).toEqual([1, 0]);
  });

  it('gets its own fine hour and those beside it once the overview is there', () => {
    expect(hoursGot('fine', makeLook())).toEqual([]);
    expect(hoursGot('fine', makeLook(), makeOverview())).toEqual([5, 6, 4]);
  });

  it('looks ahead while it plays, and gets nothing fine while a hand scrubs', () => {
    expect(hoursGot('fine', makeLook({ isPlaying: true }), makeOverview())).toEqual([5, 6, 7]);
    const archive = new Archive();
    archive.add(makeChunk({}, { hourMs: HOUR + 5 * HOUR_MS }), 'coarse', HOUR);
    expect(hoursGot('fine', makeLook({ isPlaying: true }), archive)).toEqual([5, 6, 7]);
    expect(hoursGot('fine', makeLook({ isResting: false }))).toEqual([]);
  });

  it('gives up a fine hour that the reader has left', () => {
    const left = makeLook({ cursorMs: HOUR + 20 * HOUR_MS, isResting: false });
    expect(isWanted(HOUR + 5 * HOUR_MS, 'fine', left)).toBe(false);
    expect(isWanted(HOUR + 20 * HOUR_MS, 'fine', left)).toBe(true);
    expect(isWanted(HOUR + 5 * HOUR_MS, 'coarse', left)).toBe(true);
  });
});

describe('how fine', () => {
  it.each([
    [200, 10, 120],
    [1_000, 30, 120],
    [5_000, 120, 300],
    [100_000, 300, 600],
  ])('%d vehicles', (vehicles, fine, coarse) => {
    expect([stepFor('fine', vehicles), stepFor('coarse', vehicles)]).toEqual([fine, coarse]);
  });

  it('takes what the server gives', () => {
    expect(stepFor('fine', 200, 10)).toBe(30);
    expect(stepFor('coarse', 200, 600)).toBe(600);
  });
});

describe('who moved when', () => {
  const chunk = makeChunk({
    van: [...drive(0, 600, 10), ...drive(610, 3_590, 0, 6_000)],
    bus: drive(3_000, 3_590, 8),
  });

  it('is counted each two minutes', () => {
    const counts = [...activityOf(chunk)];
    expect(counts.slice(0, 6)).toEqual([1, 1, 1, 1, 1, 0]);
    expect(counts.slice(24)).toEqual([0, 1, 1, 1, 1, 1]);
  });

  it('leaves out a silence', () => {
    expect([
      ...activityOf(
        makeChunk({
          van: [
            [0, 0],
            [1_000, 9_000],
          ],
        }),
      ),
    ]).toEqual(Array(30).fill(0));
  });

  it('is quiet for five minutes and more, in hours that are known', () => {
    const hours = new Map([[HOUR, activityOf(chunk)]]);
    expect(quietSpans(hours, DAY)).toEqual([[HOUR + 600_000, HOUR + 3_000_000]]);
    expect(quietSpans(hours, [HOUR, HOUR + 800_000])).toEqual([]);
  });
});
