/** What a vehicle did when, as a strip shows it: spans of moving, idle and stopped; nothing is known of the rest. Pure. */
import type { Episode } from './episodes.ts';
import { merged, type Span } from './player.ts';
import { legM, type Track } from './track.ts';

export interface Doings {
  readonly moving: readonly Span[];
  readonly idle: readonly Span[];
  readonly stopped: readonly Span[];
}

/** Slower than this somebody stands. */
const REST_MPS = 0.5;
/** Over less a receiver's jitter looks like driving. */
const LEAST_LEG_MS = 10_000;
/** A shorter one is not seen in a day. */
const SHORTEST_IDLE_MS = 60_000;

export function doingsOf(episodes: readonly Episode[], track: Track): Doings {
  const stopped = episodes.filter(({ kind }) => kind === 'stop').map(spanOf);
  const trips = episodes.filter(({ kind }) => kind === 'trip').map(spanOf);
  const idle = clipped(restsOf(track), trips);
  return { moving: without(without(trips, merged(track.gaps)), idle), idle, stopped };
}

/** What of it touches a day. */
export function doingsIn({ moving, idle, stopped }: Doings, [fromMs, toMs]: Span): Doings {
  const touching = (spans: readonly Span[]) => spans.filter((span) => span[0] < toMs && fromMs < span[1]);
  return { moving: touching(moving), idle: touching(idle), stopped: touching(stopped) };
}

/** Where one span begins in a day and how much of it it takes, from 0 to 1; null: it lies elsewhere. */
export function shareOf([fromMs, toMs]: Span, [dayFromMs, dayToMs]: Span): Span | null {
  const lengthMs = dayToMs - dayFromMs;
  const from = Math.max(0, (fromMs - dayFromMs) / lengthMs);
  const to = Math.min(1, (toMs - dayFromMs) / lengthMs);
  return from < to ? [from, to] : null;
}

/** Legs in which it hardly went anywhere, joined. */
function restsOf(track: Track): readonly Span[] {
  const { times } = track;
  const legs: Span[] = [];
  let from = 0;
  for (let i = 1; i < times.length; i++) {
    const [fromMs, toMs] = [times[from] as number, times[i] as number];
    if (toMs - fromMs < LEAST_LEG_MS && i < times.length - 1) continue;
    if (legM(track, from, i) < (REST_MPS * (toMs - fromMs)) / 1_000) legs.push([fromMs, toMs]);
    from = i;
  }
  const rests = without(merged(legs), merged(track.gaps));
  return rests.filter(([fromMs, toMs]) => toMs - fromMs >= SHORTEST_IDLE_MS);
}

/** What lies in some of the others, which are in order. */
function clipped(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  return spans.flatMap(([fromMs, toMs]) =>
    others
      .filter((other) => other[0] < toMs && fromMs < other[1])
      .map((other) => [Math.max(fromMs, other[0]), Math.min(toMs, other[1])] as const),
  );
}

/** What lies in none of the others, which are in order and apart. */
function without(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  return spans.flatMap(([fromMs, toMs]) => {
    const left: Span[] = [];
    let beginMs = fromMs;
    for (const other of others) {
      if (other[1] <= beginMs || other[0] >= toMs) continue;
      if (other[0] > beginMs) left.push([beginMs, other[0]]);
      beginMs = other[1];
    }
    return beginMs < toMs ? [...left, [beginMs, toMs] as const] : left;
  });
}

function spanOf({ fromMs, toMs }: Episode): Span {
  return [fromMs, toMs];
}
