import { describe, expect, it } from 'vitest';
import { SlotTable } from '../../src/map/slot-table.ts';

describe('SlotTable', () => {
  it('gives dense slots and keeps them', () => {
    const table = new SlotTable();
    expect([table.take(900), table.take(7), table.take(900)]).toEqual([0, 1, 0]);
    expect(table.find(7)).toBe(1);
  });

  it('uses freed slots again', () => {
    const table = new SlotTable();
    for (const id of [1, 2, 3]) table.take(id);
    expect(table.release(2)).toBe(1);
    expect(table.release(2)).toBeUndefined();
    expect(table.find(2)).toBeUndefined();
    expect(table.take(44)).toBe(1);
    expect(table.take(45)).toBe(3);
  });

  it('starts over when cleared', () => {
    const table = new SlotTable();
    table.take(5);
    table.clear();
    expect(table.find(5)).toBeUndefined();
    expect(table.take(6)).toBe(0);
  });
});
