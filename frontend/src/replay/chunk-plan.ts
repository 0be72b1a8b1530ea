/** Which hours of the past to get next, and how fine. Pure. */
import type { Span } from '../history/player.ts';
import type { Archive, Grade } from './archive.ts';
import { HOUR_MS, hourOf } from './chunk.ts';

export interface Look {
  readonly cursorMs: number;
  readonly window: Span;
  readonly isPlaying: boolean;
  /** The reader's hand has left the scrubber, or rests. */
  readonly isResting: boolean;
}

/** Hours from the cursor's that are worth having fine: playing at 300 times goes through one in 12 s. */
const FINE_PAUSED = [0, 1, -1] as const;
const FINE_PLAYING = [0, 1, 2] as const;
/** Steps of each grade, finest first; of outlines they are what a minute frame looks ahead, or whole multiples of it. */
const STEPS_S: Readonly<Record<Grade, readonly number[]>> = {
  fine: [10, 30, 60, 120, 300],
  coarse: [120, 300, 600],
  outline: [360, 1_800, 3_600],
};
/** Of an hour; more take a coarser step. */
const MOST_ROWS: Readonly<Record<Grade, number>> = { fine: 200_000, coarse: 60_000, outline: 3_333 };
/** Parts of a day, so that the same ones are asked for again. */
const HOURS_AT_ONCE: Readonly<Record<Grade, readonly number[]>> = {
  fine: [],
  coarse: [6, 3, 2],
  outline: [12, 6, 3, 2],
};
/** Of an answer for more than an hour: it holds up nobody for long. */
const MOST_ROWS_AT_ONCE = 40_000;

/** The finest step that a fleet of that size bears; `refused`: finer than these the server would not. */
export function stepFor(grade: Grade, vehicles: number, refused = 0): number {
  const isBorne = (step: number) => step > refused && (vehicles * 3_600) / step <= MOST_ROWS[grade];
  return STEPS_S[grade].find(isBorne) ?? (STEPS_S[grade].at(-1) as number);
}

/** The hours to ask for next; null: there is nothing to get. */
export function nextSpan(grade: Grade, archive: Archive, look: Look, rowsAnHour: number): Span | null {
  const hour = nextHour(grade, archive, look);
  if (hour === null) return null;
  const fitting = HOURS_AT_ONCE[grade].find((hours) => hours * rowsAnHour <= MOST_ROWS_AT_ONCE);
  const lengthMs = (fitting ?? 1) * HOUR_MS;
  const fromMs = Math.floor(hour / lengthMs) * lengthMs;
  const [firstMs, lastMs] = [hourOf(look.window[0]), hourOf(look.window[1])];
  return [Math.max(fromMs, firstMs), Math.min(fromMs + lengthMs, lastMs + HOUR_MS)];
}

/** Wherever the reader goes something is to be there at once, then more, and then the best where they are. */
function nextHour(grade: Grade, archive: Archive, look: Look): number | null {
  const missing = (of: Grade, hours = windowHours(look)) =>
    hours.find((hour) => !archive.has(hour, of)) ?? null;
  const outline = missing('outline');
  if (grade === 'outline') return outline;
  const coarse = outline === null ? missing('coarse') : null;
  if (grade === 'coarse') return coarse;
  const isEarly = look.isPlaying ? !archive.has(hourOf(look.cursorMs), 'coarse') : (outline ?? coarse);
  return isEarly ? null : missing('fine', fineHours(look));
}

/** Whether hours that are on their way are still worth waiting for. */
export function isWanted([fromMs, toMs]: Span, grade: Grade, look: Look): boolean {
  const hours = grade === 'fine' ? fineHours({ ...look, isResting: true }) : windowHours(look);
  return hours.some((hour) => fromMs <= hour && hour < toMs);
}

/** All of the window, from the cursor outwards. */
function windowHours({ cursorMs, window }: Look): readonly number[] {
  const hours: number[] = [];
  for (let hour = hourOf(window[0]); hour <= window[1]; hour += HOUR_MS) hours.push(hour);
  const here = hourOf(cursorMs);
  return hours.sort((a, b) => Math.abs(a - here) - Math.abs(b - here) || b - a);
}

function fineHours({ cursorMs, window, isPlaying, isResting }: Look): readonly number[] {
  if (!isResting) return [];
  const here = hourOf(cursorMs);
  return (isPlaying ? FINE_PLAYING : FINE_PAUSED)
    .map((hours) => here + hours * HOUR_MS)
    .filter((hour) => hour + HOUR_MS > window[0] && hour <= window[1]);
}
