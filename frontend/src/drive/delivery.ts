/** When to send, and what an answer means: a state machine without clock, chance or network. */
import { retryDelayMs } from '../backoff.ts';
import { isListOf, isNumber, isRecord, isText } from '../guards.ts';
import type { Answer } from '../protocol.ts';

export interface Delivery {
  readonly isUnderWay: boolean;
  /** When the last try began. */
  readonly begunMs: number;
  /** Failed tries since the last success. */
  readonly attempt: number;
  /** Not before. */
  readonly dueMs: number;
  /** Since when nothing gets through; null: it does, or nothing was tried. */
  readonly failingSinceMs: number | null;
  /** Why the last try failed, when the server said so. */
  readonly reason: string;
}

export interface RefusedFix {
  readonly index: number;
  readonly reason: string;
  readonly detail: string;
}

export type Outcome =
  | { readonly kind: 'taken'; readonly refused: readonly RefusedFix[] }
  /** Nobody can say whether it was heard, or the server asks for patience. */
  | { readonly kind: 'later'; readonly afterMs: number; readonly reason: string }
  /** The token opens nothing any more. */
  | { readonly kind: 'unpaired' };

export const AT_REST: Delivery = {
  isUnderWay: false,
  begunMs: 0,
  attempt: 0,
  dueMs: 0,
  failingSinceMs: null,
  reason: '',
};

const NO_RIGHT_CODES = ['not_authenticated', 'forbidden'];

export function isDue(delivery: Delivery, nowMs: number): boolean {
  return !delivery.isUnderWay && nowMs >= delivery.dueMs;
}

export function begun(delivery: Delivery, nowMs: number): Delivery {
  return { ...delivery, isUnderWay: true, begunMs: nowMs };
}

/** `chance` is in [0, 1). */
export function settled(delivery: Delivery, outcome: Outcome, nowMs: number, chance: number): Delivery {
  if (outcome.kind === 'taken') return AT_REST;
  const isLater = outcome.kind === 'later';
  const delayMs = retryDelayMs(delivery.attempt, chance);
  return {
    ...delivery,
    isUnderWay: false,
    attempt: delivery.attempt + 1,
    dueMs: nowMs + Math.max(delayMs, isLater ? outcome.afterMs : 0),
    failingSinceMs: delivery.failingSinceMs ?? nowMs,
    reason: isLater ? outcome.reason : '',
  };
}

/** The network is back: no more waiting. */
export function nudged(delivery: Delivery): Delivery {
  return { ...delivery, attempt: 0, dueMs: 0 };
}

/** An answer that takes longer does not come. */
const SLOW_AFTER_MS = 5_000;
/** A live connection that is lost so long tells of a lost network, unless something got through meanwhile. */
const LOST_AFTER_MS = 10_000;

export interface Signs {
  /** When something last got through. */
  readonly sentAtMs: number;
  /** Since when the live connection is lost, and since when the browser knows of no network; null: they are there. */
  readonly lostAtMs: number | null;
  readonly offlineAtMs: number | null;
  readonly nowMs: number;
}

/** Since when nothing gets through; null: it does, for all that is known. */
export function failingSinceMs(delivery: Delivery, signs: Signs): number | null {
  const { sentAtMs, lostAtMs, offlineAtMs, nowMs } = signs;
  const isLost = lostAtMs !== null && lostAtMs > sentAtMs && nowMs - lostAtMs > LOST_AFTER_MS;
  // Some machines call themselves offline for ever.
  const isOffline = offlineAtMs !== null && offlineAtMs > sentAtMs;
  const isSlow = delivery.isUnderWay && nowMs - delivery.begunMs > SLOW_AFTER_MS;
  const since = [
    delivery.failingSinceMs,
    isOffline ? offlineAtMs : null,
    isSlow ? delivery.begunMs : null,
    isLost ? lostAtMs : null,
  ].filter((time) => time !== null);
  return since.length === 0 ? null : Math.min(...since);
}

export function outcomeOf(answer: Answer): Outcome {
  if (answer === null) return { kind: 'later', afterMs: 0, reason: '' };
  if (answer.type === 'ok') return { kind: 'taken', refused: refusedOf(answer.result?.refused) };
  if (NO_RIGHT_CODES.includes(answer.code)) return { kind: 'unpaired' };
  return { kind: 'later', afterMs: 1000 * (answer.retry_after_s ?? 0), reason: answer.reason };
}

function refusedOf(value: unknown): readonly RefusedFix[] {
  return isListOf(value, isRefusedFix) ? value : [];
}

function isRefusedFix(value: unknown): value is RefusedFix {
  return isRecord(value) && isNumber(value.index) && isText(value.reason) && isText(value.detail);
}
