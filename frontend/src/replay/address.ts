/** What the address says of the past that is shown. Pure. */
import { DEFAULT_SPEED, SPEEDS } from '../history/player.ts';
import { isDay } from '../history/zone.ts';

export interface ReplayAddress {
  readonly atMs: number;
  /** Null: the last 24 hours, or the day of the moment when it lies before them. */
  readonly day: string | null;
  readonly speed: number;
  readonly isSkipping: boolean;
}

/** Null without a moment: the page is live. */
export function parseReplay(params: URLSearchParams): ReplayAddress | null {
  const atMs = Date.parse(params.get('t') ?? '');
  if (Number.isNaN(atMs)) return null;
  const day = params.get('day') ?? '';
  const speed = Number(params.get('speed'));
  return {
    atMs,
    day: isDay(day) ? day : null,
    speed: SPEEDS.includes(speed) ? speed : DEFAULT_SPEED,
    isSkipping: params.get('skip') === 'yes',
  };
}

/** To the second. */
export function replayParams(replay: ReplayAddress | null): [name: string, value: string][] {
  if (replay === null) return [];
  const { atMs, day, speed, isSkipping } = replay;
  return [
    ['t', `${new Date(atMs).toISOString().slice(0, 19)}Z`],
    ['day', day ?? ''],
    ['speed', speed === DEFAULT_SPEED ? '' : String(speed)],
    ['skip', isSkipping ? 'yes' : ''],
  ];
}
