/** Which sprite shows what: status by shape and colour, course by rotation. */
import type { DrawStatus } from './types.ts';

/** Pre-rendered rotations of an arrow: 5.6° apart, less than the eye sees at this size. */
export const HEADINGS = 64;

const ARROWS = { moving: 0, alarm: HEADINGS } as const;
const SINGLES = 2 * HEADINGS;

export const SPRITE = {
  movingDot: SINGLES,
  alarmDot: SINGLES + 1,
  idle: SINGLES + 2,
  stopped: SINGLES + 3,
  stale: SINGLES + 4,
  offline: SINGLES + 5,
  unknown: SINGLES + 6,
  selection: SINGLES + 7,
  /** Under a vehicle that is pointed at elsewhere. */
  lift: SINGLES + 8,
} as const;
export const SPRITE_COUNT = SINGLES + 9;

const SINGLE_BY_STATUS: Record<DrawStatus, number> = {
  0: SPRITE.unknown,
  1: SPRITE.movingDot,
  2: SPRITE.idle,
  3: SPRITE.stopped,
  4: SPRITE.stale,
  5: SPRITE.offline,
  6: SPRITE.alarmDot,
};

const STATUS_BY_SINGLE = new Map(
  Object.entries(SINGLE_BY_STATUS).map(([status, sprite]) => [sprite, Number(status) as DrawStatus]),
);

/** Later layers hide earlier ones. */
export const LAYER_COUNT = 3;

export function spriteFor(status: DrawStatus, courseDeg: number | null): number {
  if (courseDeg === null) return SINGLE_BY_STATUS[status];
  if (status === 1) return ARROWS.moving + headingIndex(courseDeg);
  if (status === 6) return ARROWS.alarm + headingIndex(courseDeg);
  return SINGLE_BY_STATUS[status];
}

export function statusOf(sprite: number): DrawStatus {
  if (isAlarm(sprite)) return 6;
  return sprite < HEADINGS ? 1 : (STATUS_BY_SINGLE.get(sprite) ?? 0);
}

export function layerOf(sprite: number): number {
  if (isAlarm(sprite)) return 2;
  return sprite < HEADINGS || sprite === SPRITE.movingDot || sprite === SPRITE.idle ? 1 : 0;
}

export function isAlarm(sprite: number): boolean {
  return sprite === SPRITE.alarmDot || (sprite >= ARROWS.alarm && sprite < SINGLES);
}

function headingIndex(courseDeg: number): number {
  const turns = courseDeg / 360;
  return Math.round((turns - Math.floor(turns)) * HEADINGS) % HEADINGS;
}
