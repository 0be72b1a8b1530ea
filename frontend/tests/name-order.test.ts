import { describe, expect, it } from 'vitest';
import { NameOrder } from '../src/name-order.ts';
import { makeChance } from './helpers.ts';

describe('NameOrder', () => {
  it('stays in order whatever comes and goes', () => {
    const chance = makeChance(3);
    const order = new NameOrder<{ id: number; key: string }>();
    const present = new Map<number, { id: number; key: string }>();
    for (let turn = 0; turn < 500; turn += 1) {
      const id = Math.floor(chance() * 50);
      const known = present.get(id);
      if (known !== undefined) {
        order.remove(known);
        present.delete(id);
      } else {
        const item = { id, key: String(Math.floor(chance() * 10)) };
        order.add(item);
        present.set(id, item);
      }
      if (chance() < 0.3) {
        const expected = [...present.values()].sort((a, b) =>
          a.key === b.key ? a.id - b.id : a.key < b.key ? -1 : 1,
        );
        expect(order.list()).toEqual(expected);
      }
    }
  });

  it('gives the same array while nothing changes', () => {
    const order = new NameOrder<{ id: number; key: string }>();
    order.add({ id: 1, key: 'a' });
    expect(order.list()).toBe(order.list());
  });
});
