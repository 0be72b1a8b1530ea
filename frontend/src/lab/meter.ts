/** Counts what one way costs and how old its news are. No clock. */
import type { Update } from './picture.ts';
import { RecentValues } from './quantiles.ts';
import type { Passage } from './way.ts';

const MOST_AGES = 3000;

export interface Bytes {
  readonly headers: number;
  readonly payload: number;
}

export interface Quantiles {
  readonly p50: number | null;
  readonly p99: number | null;
}

export interface Figures {
  readonly requests: number;
  readonly updates: number;
  readonly up: Bytes;
  readonly down: Bytes;
  /** In both directions, over the updates; null before the first. */
  readonly bytesPerUpdate: number | null;
  readonly arrivalMs: Quantiles;
  readonly replacedMs: Quantiles;
}

export class Meter {
  #requests = 0;
  #updates = 0;
  readonly #bytes = { up: { headers: 0, payload: 0 }, down: { headers: 0, payload: 0 } };
  readonly #arrivals = new RecentValues(MOST_AGES);
  readonly #replaced = new RecentValues(MOST_AGES);

  note({ direction, isRequest, headerBytes, payloadBytes }: Passage): void {
    if (isRequest) this.#requests += 1;
    this.#bytes[direction].headers += headerBytes;
    this.#bytes[direction].payload += payloadBytes;
  }

  noteUpdates(updates: readonly Update[]): void {
    this.#updates += updates.length;
    for (const { arrivalAgeMs, replacedAgeMs } of updates) {
      this.#arrivals.add(arrivalAgeMs);
      if (replacedAgeMs !== null) this.#replaced.add(replacedAgeMs);
    }
  }

  get updates(): number {
    return this.#updates;
  }

  get totalBytes(): number {
    const { up, down } = this.#bytes;
    return up.headers + up.payload + down.headers + down.payload;
  }

  figures(): Figures {
    return {
      requests: this.#requests,
      updates: this.#updates,
      up: { ...this.#bytes.up },
      down: { ...this.#bytes.down },
      bytesPerUpdate: this.#updates === 0 ? null : this.totalBytes / this.#updates,
      arrivalMs: quantilesOf(this.#arrivals),
      replacedMs: quantilesOf(this.#replaced),
    };
  }
}

function quantilesOf(values: RecentValues): Quantiles {
  return { p50: values.quantile(0.5), p99: values.quantile(0.99) };
}
