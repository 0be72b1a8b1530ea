/** Which hour of the past to get next, and how fine. Pure. */
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
/** Steps of each grade, finest first; how many rows of an hour, and of a day of coarse ones, are borne. */
const STEPS_S: Readonly<Record<Grade, readonly number[]>> = {
  fine: [10, 30, 60, 120, 300],
  coarse: [120, 300, 600],
};
const MOST_ROWS: Readonly<Record<Grade, number>> = { fine: 200_000, coarse: 60_000 };

/** The finest step that a fleet of that size bears; `refused`: finer than these the server would not. */
export function stepFor(grade: Grade, vehicles: number, refused = 0): number {
  const steps = STEPS_S[grade].filter((step) => step > refused);
  return steps.find((step) => (vehicles * 3_600) / step <= MOST_ROWS[grade]) ?? steps.at(-1) ?? 600;
}

/** The nearest hour that lacks this grade; null: there is nothing to get. */
export function nextHour(grade: Grade, archive: Archive, look: Look): number | null {
  const missing = (hours: readonly number[], of: Grade) =>
    hours.find((hour) => !archive.has(hour, of)) ?? null;
  const coarse = missing(coarseHours(look), 'coarse');
  if (grade === 'coarse') return coarse;
  // Wherever the reader goes next something is to be there: that comes before the best.
  const isEarly = look.isPlaying ? !archive.has(hourOf(look.cursorMs), 'coarse') : coarse !== null;
  return isEarly ? null : missing(fineHours(look), 'fine');
}

/** Whether an hour that is on its way is still worth waiting for. */
export function isWanted(hourMs: number, grade: Grade, look: Look): boolean {
  return (grade === 'coarse' ? coarseHours(look) : fineHours({ ...look, isResting: true })).includes(hourMs);
}

/** All of the window, from the cursor outwards. */
function coarseHours({ cursorMs, window }: Look): readonly number[] {
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
