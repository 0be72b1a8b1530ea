/** The hours of the past that have come: all of a day in outline at once, then coarse, and fine where the reader is. Bounded. Pure. */
import type { TrailPoint } from '../map/types.ts';
import { type Chunk, HOUR_MS, hourOf } from './chunk.ts';
import { type Part, type PastPlace, placeAt, trailOf } from './past-track.ts';

export type Grade = 'outline' | 'coarse' | 'fine';
const FINEST_FIRST: readonly Grade[] = ['fine', 'coarse', 'outline'];

/** Twelve bytes each. */
const MOST_FINE_ROWS = 2_000_000;

interface Hour {
  readonly chunk: Chunk;
  readonly indexes: ReadonlyMap<string, number>;
}

export class Archive {
  readonly #hours: Readonly<Record<Grade, Map<number, Hour>>> = {
    ...{ outline: new Map(), coarse: new Map(), fine: new Map() },
  };
  readonly #mostRows: number;
  /** Rises with every hour that comes. */
  version = 0;

  constructor(mostRows = MOST_FINE_ROWS) {
    this.#mostRows = mostRows;
  }

  has(hourMs: number, grade: Grade): boolean {
    return this.#hours[grade].has(hourMs);
  }

  /** The finest that there is. */
  gradeAt(timeMs: number): Grade | null {
    const hour = hourOf(timeMs);
    return FINEST_FIRST.find((grade) => this.has(hour, grade)) ?? null;
  }

  chunk(hourMs: number, grade: Grade): Chunk | null {
    return this.#hours[grade].get(hourMs)?.chunk ?? null;
  }

  /** Fine hours far from the reader make room. */
  add(chunk: Chunk, grade: Grade, cursorMs: number): void {
    const indexes = new Map(chunk.slugs.map((slug, i) => [slug, i]));
    this.#hours[grade].set(chunk.hourMs, { chunk, indexes });
    this.version += 1;
    const { fine } = this.#hours;
    const byDistance = [...fine.keys()].sort((a, b) => Math.abs(b - cursorMs) - Math.abs(a - cursorMs));
    for (const hour of byDistance) {
      if (fine.size === 1 || this.#fineRows <= this.#mostRows) return;
      fine.delete(hour);
    }
  }

  /** Another day: nothing of this one is kept. */
  clear(): void {
    for (const hours of Object.values(this.#hours)) hours.clear();
    this.version += 1;
  }

  /** Who is known in the hour. */
  slugsAt(timeMs: number): readonly string[] {
    return this.#at(hourOf(timeMs))?.chunk.slugs ?? [];
  }

  placeOf(slug: string, timeMs: number): PastPlace | null {
    const hour = hourOf(timeMs);
    const part = this.#part(slug, hour);
    return part === null ? null : placeAt(part, timeMs, this.#part(slug, hour + HOUR_MS));
  }

  /** Of an hour at most. */
  trailOf(slug: string, span: readonly [fromMs: number, toMs: number]): readonly TrailPoint[] {
    const hour = hourOf(span[1]);
    const parts = [hour - HOUR_MS, hour].flatMap((one) => this.#part(slug, one) ?? []);
    return trailOf(parts, span);
  }

  /** When its next fix within an hour was, or the one before; null: there is none. */
  neighbourMs(slug: string, timeMs: number, step: 1 | -1): number | null {
    const found =
      step > 0
        ? this.trailOf(slug, [timeMs + 1, timeMs + HOUR_MS])[0]
        : this.trailOf(slug, [timeMs - HOUR_MS, timeMs - 1]).at(-1);
    return found?.timeMs ?? null;
  }

  #at(hourMs: number): Hour | undefined {
    const { fine, coarse, outline } = this.#hours;
    return fine.get(hourMs) ?? coarse.get(hourMs) ?? outline.get(hourMs);
  }

  #part(slug: string, hourMs: number): Part | null {
    const hour = this.#at(hourMs);
    const index = hour?.indexes.get(slug);
    if (hour === undefined || index === undefined) return null;
    const { starts } = hour.chunk;
    return { chunk: hour.chunk, start: starts[index] as number, end: starts[index + 1] as number };
  }

  get #fineRows(): number {
    return [...this.#hours.fine.values()].reduce((sum, { chunk }) => sum + chunk.timesMs.length, 0);
  }
}
