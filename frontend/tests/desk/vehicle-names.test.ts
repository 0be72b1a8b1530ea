import { expect, it } from 'vitest';
import { VehicleNames } from '../../src/desk/vehicle-names.ts';

it('knows who was told of', () => {
  const names = new VehicleNames(async () => []);
  names.learn({ slug: 'van', name: 'Van 1' });
  expect(names.find('van')).toBe('Van 1');
  expect(names.find('bus')).toBeNull();
});

it('asks for the others, once', async () => {
  let asked = 0;
  const names = new VehicleNames(async () => {
    asked += 1;
    return [{ slug: 'bus', name: 'Bus 7' }];
  });
  names.ask();
  names.ask();
  await Promise.resolve();
  expect([names.find('bus'), names.find('gone'), asked]).toEqual(['Bus 7', null, 1]);
});

it('does without them when they cannot be had', async () => {
  const names = new VehicleNames(() => Promise.reject(new Error('away')));
  names.ask();
  await Promise.resolve();
  expect(names.find('bus')).toBeNull();
});
