/** What one way has told of the vehicles, and how old that was. No clock, no network. */
import type { Frame } from '../protocol.ts';

/** A vehicle that has said nothing for longer is parked or offline, and says nothing about the way. */
const QUIET_AFTER_MS = 60_000;

export interface Update {
  /** Of the fix, when it came. */
  readonly arrivalAgeMs: number;
  /** Of the fix that it replaced, at that moment: the oldest that the reader ever saw. */
  readonly replacedAgeMs: number | null;
}

export class Picture {
  /** By vehicle. */
  #fixTimes = new Map<number, number>();

  /** The news in it; what was known already and the first sight of a snapshot are none. */
  apply(frame: Frame, serverNowMs: number): readonly Update[] {
    const before = this.#fixTimes;
    if (frame.type === 'snapshot' && frame.part === 1) this.#fixTimes = new Map();
    const updates: Update[] = [];
    for (const [vehicle, fixTimeMs] of frame.rows) {
      const knownMs = before.get(vehicle);
      const isNews = knownMs === undefined ? frame.type === 'delta' : fixTimeMs > knownMs;
      if (isNews) updates.push(makeUpdate(fixTimeMs, knownMs, serverNowMs));
      this.#fixTimes.set(vehicle, Math.max(fixTimeMs, knownMs ?? fixTimeMs));
    }
    if (frame.type === 'delta') for (const vehicle of frame.gone) this.#fixTimes.delete(vehicle);
    return updates;
  }

  /** The age in the middle, of the vehicles that are on their way. */
  medianAgeMs(serverNowMs: number): number | null {
    const ages = [...this.#fixTimes.values()].map((fixTimeMs) => ageMs(fixTimeMs, serverNowMs));
    const fresh = ages.filter((age) => age <= QUIET_AFTER_MS).sort((a, b) => a - b);
    return fresh[fresh.length >> 1] ?? null;
  }
}

function makeUpdate(fixTimeMs: number, knownMs: number | undefined, serverNowMs: number): Update {
  return {
    arrivalAgeMs: ageMs(fixTimeMs, serverNowMs),
    replacedAgeMs: knownMs === undefined ? null : ageMs(knownMs, serverNowMs),
  };
}

/** A clock that runs a little ahead makes no fix of the future. */
function ageMs(fixTimeMs: number, serverNowMs: number): number {
  return Math.max(0, serverNowMs - fixTimeMs);
}
