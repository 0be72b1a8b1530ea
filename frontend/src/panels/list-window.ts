/** Which rows of a long list are in sight. Pure. */

export interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
}

export interface RowRange {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

export function visibleRows(viewport: Viewport, rowHeight: number, count: number, spare: number): RowRange {
  const first = Math.floor(viewport.scrollTop / rowHeight) - spare;
  const end = Math.ceil((viewport.scrollTop + viewport.height) / rowHeight) + spare;
  return { first: clamp(first, 0, count), end: clamp(end, 0, count) };
}

/** Rows take turns: of the rows in range, the one that the pooled element shows, so that scrolling on by one fills one anew. */
export function indexInSlot(slot: number, slots: number, range: RowRange): number | null {
  const index = range.first + ((((slot - range.first) % slots) + slots) % slots);
  return index < range.end ? index : null;
}

/** Where to scroll so that the row is in full sight, moving as little as possible. */
export function scrollTopToShow(index: number, viewport: Viewport, rowHeight: number): number {
  const top = index * rowHeight;
  if (top < viewport.scrollTop) return top;
  return Math.max(viewport.scrollTop, top + rowHeight - viewport.height);
}

/** The new scroll position that keeps a row in place that was at one index and is now at another. */
export function scrollTopToKeep(scrollTop: number, before: number, after: number, rowHeight: number): number {
  return scrollTop === 0 ? 0 : Math.max(0, scrollTop + (after - before) * rowHeight);
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
