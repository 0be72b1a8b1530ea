/** How live the page is: what the LIVE chip says, from plain measurements. */
import type { Row } from './protocol.ts';
import type { Phase } from './session-state.ts';
import { t } from './texts.ts';

export type FeedLevel = 'connecting' | 'ok' | 'late' | 'lost' | 'ended';

export interface FeedFacts {
  readonly phase: Phase;
  /** Null until measured. */
  readonly behindMs: number | null;
  readonly isBusStale: boolean;
  /** When the connection went away, by the local clock; null while live. */
  readonly lostAtMs: number | null;
  readonly nowMs: number;
}

const LATE_FROM_MS = 3000;
/** A server that restarts is back before anyone needs to look up. */
const LOST_AFTER_MS = 1500;

export function feedLevel(facts: FeedFacts): FeedLevel {
  if (facts.phase === 'ended') return 'ended';
  if (facts.phase === 'live')
    return facts.isBusStale || (facts.behindMs ?? 0) >= LATE_FROM_MS ? 'late' : 'ok';
  const isLost = facts.lostAtMs !== null && facts.nowMs - facts.lostAtMs >= LOST_AFTER_MS;
  return isLost ? 'lost' : 'connecting';
}

/** For the tab of a page that nobody is looking at; `calls` are alarms and unread messages. */
export function titleText(level: FeedLevel, calls: number): string {
  if (level === 'lost' || level === 'ended') return `${t('No live positions')} – Fleet`;
  return calls === 0 ? `${t('Live')} – Fleet` : `(${calls}) ${t('Live')} – Fleet`;
}

/** Of a page that shows the past. */
export function pastTitleText(time: string): string {
  return `${t('Past: {time}', { time })} – Fleet`;
}

/** Seconds behind: from the newest fix of a frame to its arrival, as the median of the last frames. */
export class LagMeter {
  static readonly FRAMES = 5;
  readonly #lagsMs: number[] = [];

  /** Rows older than `tooOldMs` are backlog and say nothing of the feed. */
  hear(rows: readonly Row[], serverNowMs: number, tooOldMs: number): void {
    let leastMs = tooOldMs;
    for (const row of rows) leastMs = Math.min(leastMs, Math.max(0, serverNowMs - row[1]));
    if (leastMs >= tooOldMs) return;
    this.#lagsMs.push(leastMs);
    if (this.#lagsMs.length > LagMeter.FRAMES) this.#lagsMs.shift();
  }

  get behindMs(): number | null {
    const sorted = [...this.#lagsMs].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? null;
  }

  reset(): void {
    this.#lagsMs.length = 0;
  }
}
