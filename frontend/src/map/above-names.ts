/** What is drawn above the names of regions: vehicles one by one, and clusters in place of those that they stand for. Pure. */
import type { Crowd } from './crowd.ts';
import { type Glides, HIDDEN } from './glides.ts';
import type { Box } from './label-box.ts';
import type { Passer } from './label-seat.ts';
import { nearestCopy, type UnitPoint } from './projection.ts';
import { statusOf } from './sprite-sheet.ts';

const MOVING = 1;
/** Beyond the edges of the part; a vehicle's sprite reaches in from there. */
const MARGIN_PX = 16;

export interface Part {
  /** In pixels of the world. */
  readonly box: Box;
  /** Pixels that the world is wide. */
  readonly world: number;
  readonly nowMs: number;
}

export interface AboveNames {
  readonly vehicles: readonly Passer[];
  readonly clusters: readonly Box[];
}

/** In the pixels of the part, all that is in it. */
export function aboveNamesIn({ box, world, nowMs }: Part, glides: Glides, crowd: Crowd | null): AboveNames {
  const middle = (box.left + box.width / 2) / world;
  const placed = ({ x, y }: UnitPoint) => ({ x: nearestCopy(x, middle) * world, y: y * world });
  const vehicles: Passer[] = [];
  for (let slot = 0; slot < glides.length; slot++) {
    const sprite = glides.sprite[slot] as number;
    if (sprite === HIDDEN || crowd?.absorbed[slot] === 1) continue;
    const spot = placed({ x: glides.xAt(slot, nowMs), y: glides.yAt(slot, nowMs) });
    if (isNear(spot, box)) vehicles.push({ ...spot, isStill: statusOf(sprite) !== MOVING });
  }
  const clusters = (crowd?.clusters ?? []).map((cluster) => {
    const { x, y } = placed(cluster);
    const side = 2 * cluster.radius * world;
    return { left: x - side / 2, top: y - side / 2, width: side, height: side };
  });
  return { vehicles, clusters };
}

function isNear({ x, y }: UnitPoint, { left, top, width, height }: Box): boolean {
  return (
    x > left - MARGIN_PX &&
    y > top - MARGIN_PX &&
    x < left + width + MARGIN_PX &&
    y < top + height + MARGIN_PX
  );
}
