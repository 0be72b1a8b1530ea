import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Outbox } from '../../src/drive/outbox.ts';
import { makeFix } from './make-fix.ts';

vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

async function fill(outbox: Outbox, count: number): Promise<number> {
  let given = 0;
  for (let atS = 0; atS < count; atS += 1) given += await outbox.append(makeFix({ atS }));
  return given;
}

async function waiting(outbox: Outbox): Promise<number[]> {
  const fixes = await outbox.newest(1000);
  return fixes.map(({ fix_time }) => (fix_time - makeFix().fix_time) / 1000);
}

describe('the outbox', () => {
  it('gives the newest, in their order, until they are acknowledged', async () => {
    const outbox = await Outbox.open();
    await fill(outbox, 5);
    const batch = await outbox.newest(2);
    expect(batch.map(({ fix_time }) => fix_time)).toEqual([
      makeFix({ atS: 3 }).fix_time,
      makeFix({ atS: 4 }).fix_time,
    ]);
    await outbox.remove(batch);
    expect([await waiting(outbox), outbox.count]).toEqual([[0, 1, 2], 3]);
    expect(await outbox.oldestMs()).toBe(makeFix().fix_time);
  });

  it('keeps what came while a batch was on its way', async () => {
    const outbox = await Outbox.open();
    await fill(outbox, 2);
    const batch = await outbox.newest(10);
    await outbox.append(makeFix({ atS: 9 }));
    await outbox.remove(batch);
    expect(await waiting(outbox)).toEqual([9]);
  });

  it('is there after the page was closed', async () => {
    const before = await Outbox.open();
    await fill(before, 3);
    await before.keep('isStarted', true);
    before.close();
    const after = await Outbox.open();
    expect([after.count, await after.find('isStarted'), await after.find('last')]).toEqual([
      3,
      true,
      makeFix({ atS: 2 }),
    ]);
  });

  it('thins out its older half when it is full, and counts what it gave up', async () => {
    const outbox = await Outbox.open(8);
    expect(await fill(outbox, 9)).toBe(2);
    expect(await waiting(outbox)).toEqual([0, 2, 4, 5, 6, 7, 8]);
    expect([outbox.count, await outbox.find('thinned')]).toEqual([7, 2]);
  });

  it('never holds more than its cap, and keeps its first and its last', async () => {
    const outbox = await Outbox.open(20);
    const given = await fill(outbox, 200);
    const left = await waiting(outbox);
    expect(left.length).toBeLessThanOrEqual(20);
    expect([left[0], left.at(-1), left.length + given]).toEqual([0, 199, 200]);
  });

  it('forgets everything when the phone is unpaired', async () => {
    const outbox = await Outbox.open();
    await fill(outbox, 2);
    await outbox.keep('isStarted', true);
    await outbox.clear();
    expect([outbox.count, await waiting(outbox), await outbox.find('isStarted')]).toEqual([0, [], null]);
  });
});
