import { describe, expect, it } from 'vitest';
import { Archive } from '../../src/replay/archive.ts';
import { PastFleet } from '../../src/replay/past-fleet.ts';
import { PastTrails } from '../../src/replay/past-trails.ts';
import { TRAIL_MS } from '../../src/trails/trail-book.ts';
import { makeInfo } from '../helpers.ts';
import { drive, HOUR, makeChunk } from './helpers.ts';

const LIMITS = { staleAfterMs: 120_000, offlineAfterMs: 900_000 };

function makePast(more: Partial<ConstructorParameters<typeof PastFleet>[0]> = {}): PastFleet {
  const archive = new Archive();
  const chunk = makeChunk({ van: drive(0, 600, 10), bus: drive(300, 900, 0, 500) });
  archive.add(chunk, 'fine', HOUR);
  const infoOf = (slug: string) => (slug === 'van' ? makeInfo(7, { slug, name: 'The van' }) : undefined);
  return new PastFleet({ archive, infoOf, isShown: () => true, isAlarmed: () => false, ...more }, LIMITS);
}

function shown(past: PastFleet, atS: number): unknown[] {
  past.show(HOUR + atS * 1_000);
  return past.store
    .byName()
    .map(({ info, status, fixTimeMs }) => [info.name, status, (fixTimeMs - HOUR) / 1_000]);
}

describe('the fleet of the past', () => {
  it('is who had been heard of, in either direction of time', () => {
    const past = makePast();
    expect(shown(past, 100)).toEqual([['The van', 1, 100]]);
    expect(shown(past, 400)).toEqual([
      ['bus', 3, 400],
      ['The van', 1, 400],
    ]);
    expect(shown(past, 95)).toEqual([['The van', 1, 90]]);
  });

  it('grows stale and goes offline as the live one does', () => {
    const past = makePast();
    expect(shown(past, 700)[1]).toEqual(['The van', 1, 600]);
    expect(shown(past, 720)[1]).toEqual(['The van', 4, 600]);
    expect(shown(past, 1_500)[1]).toEqual(['The van', 5, 600]);
  });

  it('is in alarm while an alert lasts, however old its fixes', () => {
    const past = makePast({ isAlarmed: (slug, timeMs) => slug === 'van' && timeMs < HOUR + 1_600_000 });
    expect(shown(past, 100)).toEqual([['The van', 6, 100]]);
    expect(shown(past, 1_500)[1]).toEqual(['The van', 6, 600]);
    expect(shown(past, 1_600)[1]).toEqual(['The van', 5, 600]);
  });

  it('has those that are watched', () => {
    const past = makePast({ isShown: (slug) => slug === 'bus' });
    expect(shown(past, 400)).toHaveLength(1);
  });

  it('tells what has moved only', () => {
    const past = makePast();
    past.show(HOUR + 400_000);
    past.store.takeChanges();
    past.show(HOUR + 410_000);
    expect(past.store.takeChanges().moved.map(({ info }) => info.slug)).toContain('van');
  });

  it('keeps the number of a vehicle that is not there', () => {
    const past = makePast();
    const id = past.idOf('ghost');
    past.show(HOUR + 100_000);
    expect([past.idOf('ghost'), past.slugOf(id), past.store.get(id)]).toEqual([id, 'ghost', undefined]);
  });
});

describe('trails of the past', () => {
  it('end where the vehicle is, and are taken away again', () => {
    const past = makePast();
    past.show(HOUR + 95_000);
    const trails = new PastTrails();
    const id = past.idOf('van');
    const trail = trails.changes(new Set([id]), past).get(id);
    expect(trail).toHaveLength(11);
    expect(trail?.at(-1)?.timeMs).toBe(HOUR + 95_000);
    expect(trails.hasWay).toBe(true);
    expect(trails.changes(new Set(), past)).toEqual(new Map([[id, null]]));
  });

  it('go back ten minutes', () => {
    const past = makePast();
    past.show(HOUR + 900_000);
    const [first] = past.trailOf(past.idOf('van'), TRAIL_MS);
    expect(first?.timeMs).toBe(HOUR + 300_000);
  });
});
