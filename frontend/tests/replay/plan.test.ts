import { describe, expect, it } from 'vitest';
import { activityOf, quietSpans } from '../../src/replay/activity.ts';
import { Archive, type Grade } from '../../src/replay/archive.ts';
import { isWanted, type Look, nextSpan, stepFor } from '../../src/replay/chunk-plan.ts';
import { drive, HOUR, HOUR_MS, makeChunk } from './helpers.ts';

const DAY: readonly [number, number] = [HOUR, HOUR + 24 * HOUR_MS - 1_000];

function makeLook(more: Partial<Look> = {}): Look {
  return { cursorMs: HOUR + 5.5 * HOUR_MS, window: DAY, isPlaying: false, isResting: true, ...more };
}

/** From where to where, in hours of the day. */
function spansGot(
  grade: Grade,
  look: Look,
  { archive = new Archive(), rowsAnHour = 100_000 } = {},
): number[][] {
  const got: number[][] = [];
  const next = () => nextSpan(grade, archive, look, rowsAnHour);
  for (let span = next(); span !== null; span = next()) {
    got.push(span.map((timeMs) => (timeMs - HOUR) / HOUR_MS));
    for (let hour = span[0]; hour < span[1]; hour += HOUR_MS)
      archive.add(makeChunk({}, { hourMs: hour }), grade, look.cursorMs);
  }
  return got;
}

/** One by one. */
function hoursGot(grade: Grade, look: Look, archive = makeBegun(look)): number[] {
  return spansGot(grade, look, { archive }).map(([from]) => from as number);
}

/** The outline has come. */
function makeBegun(look = makeLook()): Archive {
  const archive = new Archive();
  spansGot('outline', look, { archive, rowsAnHour: 1 });
  return archive;
}

function makeOverview(): Archive {
  const archive = makeBegun();
  hoursGot('coarse', makeLook(), archive);
  return archive;
}

describe('which hour is next', () => {
  it('is the outline of all of the window before anything else', () => {
    const archive = new Archive();
    expect(spansGot('coarse', makeLook(), { archive })).toEqual([]);
    expect(spansGot('fine', makeLook({ isPlaying: true }), { archive })).toEqual([]);
    expect(spansGot('outline', makeLook(), { archive, rowsAnHour: 2_000 })).toEqual([
      [4, 16],
      [0, 4],
      [16, 24],
    ]);
  });

  it('goes from the cursor outwards until all of the window is there', () => {
    const got = hoursGot('coarse', makeLook());
    expect(got.slice(0, 5)).toEqual([5, 6, 4, 7, 3]);
    expect(got).toHaveLength(24);
  });

  it('asks for more hours at once as far as the fleet is small, never beyond the window', () => {
    const window = [HOUR + HOUR_MS, HOUR + 14.5 * HOUR_MS] as const;
    const archive = makeBegun();
    expect(spansGot('coarse', makeLook({ window }), { archive, rowsAnHour: 6_000 })).toEqual([
      [4, 10],
      [1, 4],
      [10, 15],
    ]);
    expect(spansGot('coarse', makeLook({ window }), { archive: makeBegun(), rowsAnHour: 20_000 })[0]).toEqual(
      [4, 6],
    );
    expect(spansGot('fine', makeLook(), { archive: makeOverview(), rowsAnHour: 1 })[0]).toEqual([5, 6]);
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
    const archive = makeBegun();
    expect(hoursGot('fine', makeLook({ isPlaying: true }), archive)).toEqual([]);
    archive.add(makeChunk({}, { hourMs: HOUR + 5 * HOUR_MS }), 'coarse', HOUR);
    expect(hoursGot('fine', makeLook({ isPlaying: true }), archive)).toEqual([5, 6, 7]);
    expect(hoursGot('fine', makeLook({ isResting: false }))).toEqual([]);
  });

  it('gives up a fine hour that the reader has left', () => {
    const left = makeLook({ cursorMs: HOUR + 20 * HOUR_MS, isResting: false });
    const hour = (number: number) => [HOUR + number * HOUR_MS, HOUR + (number + 1) * HOUR_MS] as const;
    expect(isWanted(hour(5), 'fine', left)).toBe(false);
    expect(isWanted(hour(20), 'fine', left)).toBe(true);
    expect(isWanted(hour(5), 'coarse', left)).toBe(true);
    expect(isWanted([HOUR - 2 * HOUR_MS, HOUR + HOUR_MS], 'coarse', left)).toBe(true);
    expect(isWanted(hour(-1), 'coarse', left)).toBe(false);
  });
});

describe('how fine', () => {
  it.each([
    [200, [10, 120, 360]],
    [1_000, [30, 120, 1_800]],
    [5_000, [120, 300, 3_600]],
    [100_000, [300, 600, 3_600]],
  ])('%d vehicles', (vehicles, steps) => {
    const grades = ['fine', 'coarse', 'outline'] as const;
    expect(grades.map((grade) => stepFor(grade, vehicles))).toEqual(steps);
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
