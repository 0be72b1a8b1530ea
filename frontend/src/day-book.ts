/** The days of vehicles as strips, as far as they were asked for; which of those in sight are still to be asked for. No DOM, no clock. */
import { isRecord, isText } from './guards.ts';

export interface DayStrip {
  /** A letter a slot: `m` moving, `s` at rest, `-` nothing known. */
  readonly slots: string;
  readonly slotS: number;
  readonly fromMs: number;
}

export interface Stretch {
  readonly letter: string;
  /** Of the whole strip, 0 to 1. */
  readonly from: number;
  readonly to: number;
}

/** A row more or less of a strip is nothing that must be seen at once. */
const AGAIN_MS = 5 * 60_000;
/** As many as the server takes. */
const MOST = 100;

export class DayBook {
  readonly #strips = new Map<string, DayStrip>();
  readonly #askedMs = new Map<string, number>();
  #day = '';

  of(slug: string): DayStrip | null {
    return this.#strips.get(slug) ?? null;
  }

  /** Those of the vehicles in sight to ask for now; empty while none is unknown or old. */
  wanted(slugs: readonly string[], day: string, nowMs: number): readonly string[] {
    if (day !== this.#day) this.#restart(day);
    const due = slugs.filter(
      (slug) => nowMs - (this.#askedMs.get(slug) ?? Number.NEGATIVE_INFINITY) >= AGAIN_MS,
    );
    const asked = due.slice(0, MOST);
    for (const slug of asked) this.#askedMs.set(slug, nowMs);
    return asked;
  }

  put(day: string, strips: ReadonlyMap<string, DayStrip>): void {
    if (day !== this.#day) return;
    for (const [slug, strip] of strips) {
      const known = this.#strips.get(slug);
      // The same object while nothing changes: who shows it need not look twice.
      if (known?.slots !== strip.slots) this.#strips.set(slug, strip);
    }
  }

  #restart(day: string): void {
    this.#day = day;
    this.#strips.clear();
    this.#askedMs.clear();
  }
}

/** What the server answers. Throws when it is something other than agreed. */
export function readDays(value: unknown): ReadonlyMap<string, DayStrip> {
  if (!isRecord(value) || !isRecord(value.strips) || !isText(value.from) || typeof value.slot_s !== 'number')
    throw new Error('the days are something other than agreed');
  const [slotS, fromMs] = [value.slot_s, Date.parse(value.from)];
  const strips = Object.entries(value.strips).filter((entry): entry is [string, string] => isText(entry[1]));
  return new Map(strips.map(([slug, slots]) => [slug, { slots, slotS, fromMs }]));
}

/** Neighbours of one letter together. */
export function stretchesOf({ slots }: DayStrip): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const [run] of slots.matchAll(/(.)\1*/g)) {
    const from = found.at(-1)?.to ?? 0;
    found.push({ letter: run.charAt(0), from, to: from + run.length / slots.length });
  }
  return found;
}

/** Seconds of each letter up to then. */
export function secondsOf({ slots, slotS, fromMs }: DayStrip, nowMs: number): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  [...slots].forEach((letter, index) => {
    const begunS = Math.min(slotS, (nowMs - fromMs) / 1000 - index * slotS);
    if (begunS > 0) seconds.set(letter, (seconds.get(letter) ?? 0) + begunS);
  });
  return seconds;
}
