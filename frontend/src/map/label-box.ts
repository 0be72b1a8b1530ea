/** Which names on the map would cover others. Pure. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A name, the places where it may stand, the best first, and whether it has to stand somewhere. */
export interface Wish {
  readonly text: string;
  readonly places: readonly Box[];
  readonly isMarked: boolean;
}

export interface PlacedName {
  readonly text: string;
  readonly box: Box;
}

/**
 * The first come have their place; later ones that would cover them are left out. What is `taken` stays free too,
 * unless a marked name has no other place.
 */
export function placeNames(wishes: readonly Wish[], taken: readonly Box[]): readonly PlacedName[] {
  const kept: Box[] = [];
  return wishes.flatMap(({ text, places, isMarked }) => {
    const free = places.filter((box) => isClear(box, kept));
    const box = free.find((one) => isClear(one, taken)) ?? (isMarked ? free[0] : undefined);
    if (box === undefined) return [];
    kept.push(box);
    return [{ text, box }];
  });
}

export function isClear(box: Box, others: readonly Box[]): boolean {
  return others.every((other) => !covers(box, other));
}

function covers(a: Box, b: Box): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}
