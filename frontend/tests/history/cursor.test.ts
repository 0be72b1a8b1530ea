import { describe, expect, it } from 'vitest';
import { Cursor } from '../../src/history/cursor.ts';

describe('the cursor', () => {
  it('is where the pointer is, and goes back when that has left', () => {
    const seen: (number | null)[] = [];
    const cursor = new Cursor((timeMs) => seen.push(timeMs));
    cursor.put(10);
    cursor.hover(20);
    cursor.hover(20);
    cursor.hover(null);
    expect(seen).toEqual([10, 20, 10]);
    expect(cursor.putMs).toBe(10);
  });

  it('stays where it was put last', () => {
    const cursor = new Cursor(() => undefined);
    cursor.hover(20);
    cursor.put(30);
    expect(cursor.shownMs).toBe(30);
  });
});
