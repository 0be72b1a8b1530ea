/** Several vehicles chosen together, in the order in which they were. Pure. */

/** More are not told apart on a map, and a filter is the better tool. */
export const MOST_CHOSEN = 200;

/** One more, or one fewer. */
export function toggled(chosen: readonly number[], id: number): readonly number[] {
  return chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
}

/** All of the list from the one to the other, whichever comes first. */
export function between(
  order: readonly { readonly id: number }[],
  from: number,
  to: number,
): readonly number[] {
  const [first, last] = from < to ? [from, to] : [to, from];
  return order.slice(Math.max(0, first), last + 1).map(({ id }) => id);
}
