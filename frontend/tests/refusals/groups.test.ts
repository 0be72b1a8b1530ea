import { expect, it } from 'vitest';
import { groupsOf, matching } from '../../src/refusals/groups.ts';
import { reasonText } from '../../src/refusals/reasons.ts';
import { isRefusal, type Refusal } from '../../src/refusals/refusal.ts';

function makeRefusal(fields: Partial<Refusal> = {}): Refusal {
  return {
    device: 'gateway',
    vehicle: 'bus-1',
    vehicle_name: 'Bus 1',
    named: 'bus-1',
    reason: 'too_old',
    count: 1,
    first_time: '2026-01-01T09:00:00.000Z',
    last_time: '2026-01-01T09:00:00.000Z',
    fix_time: null,
    detail: 'It is.',
    ...fields,
  };
}

it('puts the vehicle with the newest refusal first, and in it the newest kind', () => {
  const later = { last_time: '2026-01-01T10:00:00.000Z' };
  const latest = { last_time: '2026-01-01T11:00:00.000Z' };
  const groups = groupsOf([
    makeRefusal(later),
    makeRefusal({ vehicle: 'bus-2', vehicle_name: 'Bus 2' }),
    makeRefusal({ ...latest, reason: 'in_future', count: 3 }),
  ]);
  expect(groups.map(({ title, count }) => [title, count])).toEqual([
    ['Bus 1', 4],
    ['Bus 2', 1],
  ]);
  expect(groups[0]?.refusals.map(({ reason }) => reason)).toEqual(['in_future', 'too_old']);
});

it('offers to adopt a name that nobody knows and a vehicle can have', () => {
  const nobody = { vehicle: null, vehicle_name: null, reason: 'unknown_vehicle' };
  const groups = groupsOf([
    makeRefusal({ ...nobody, named: 'ghost' }),
    makeRefusal({ ...nobody, named: 'two words' }),
    makeRefusal({ ...nobody, named: '', reason: 'vehicle_missing' }),
    makeRefusal(),
  ]);
  expect(groups.map(({ title, adoptable, unfit }) => [title, adoptable, unfit])).toEqual([
    ['ghost', 'ghost', false],
    ['two words', null, true],
    ['Without a name', null, false],
    ['Bus 1', null, false],
  ]);
});

it('finds by vehicle, slug, given name and device', () => {
  const all = [
    makeRefusal(),
    makeRefusal({ vehicle: null, vehicle_name: null, named: 'Ghost', device: 'Hub' }),
  ];
  for (const text of ['ghost', ' HUB ']) expect(matching(all, text)).toEqual([all[1]]);
  for (const text of ['bus 1', 'bus-1', 'gateway']) expect(matching(all, text)).toEqual([all[0]]);
  expect(matching(all, '')).toEqual(all);
  expect(matching(all, 'truck')).toEqual([]);
});

it('reads what the server sends, and nothing less', () => {
  expect(isRefusal(makeRefusal({ vehicle: null }))).toBe(true);
  expect(isRefusal({ ...makeRefusal(), count: '1' })).toBe(false);
});

it('says a reason that it does not know as the server does', () => {
  expect(reasonText('from_the_moon')).toBe('from the moon');
  expect(reasonText('too_old')).toBe('Older than the archive keeps');
});
