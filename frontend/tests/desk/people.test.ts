import { describe, expect, it } from 'vitest';
import { driverOf, othersIn, People } from '../../src/desk/people.ts';
import { makePerson, makePresence } from '../helpers.ts';

const CHANNEL = 'vehicle:bus-1';

describe('people', () => {
  it('are replaced by a whole picture and changed by a part of one', () => {
    const people = new People();
    expect(people.in(CHANNEL)).toBeNull();
    people.hear(makePresence([{ who: 'device:1' }, { who: 'user:1' }]));
    people.hear(makePresence([{ who: 'user:1', name: 'anna' }], { whole: false }));
    expect(people.in(CHANNEL)?.map(({ name }) => name)).toEqual(['phone', 'anna']);
    people.hear(makePresence([{ who: 'user:2' }]));
    expect(people.in(CHANNEL)?.map(({ who }) => who)).toEqual(['user:2']);
  });

  it('are not known of a room that was left', () => {
    const people = new People();
    people.hear(makePresence([{}]));
    people.forget(CHANNEL);
    expect(people.in(CHANNEL)).toBeNull();
  });
});

describe('the driver', () => {
  it('is connected since the first device came', () => {
    const people = [
      makePerson({ who: 'device:1', name: 'phone', since: 2000 }),
      makePerson({ who: 'device:2', name: 'box', since: 1000 }),
      makePerson({ who: 'device:3', name: 'old', connections: 0, last_seen: 500 }),
    ];
    expect(driverOf(people, 'bus-1')).toEqual({ state: 'connected', names: ['box', 'phone'], timeMs: 1000 });
  });

  it('has left with the last one', () => {
    const people = [4000, 3000].map((last_seen) => makePerson({ connections: 0, since: null, last_seen }));
    expect(driverOf(people, 'bus-1')).toEqual({ state: 'left', names: ['phone'], timeMs: 4000 });
  });

  it('is not known without a device, and is not the driver of another vehicle', () => {
    const others = [makePerson({ vehicle: 'bus-2' }), makePerson({ role: 'dispatcher', vehicle: null })];
    expect([driverOf(null, 'bus-1').state, driverOf(others, 'bus-1').state]).toEqual(['unknown', 'unknown']);
  });
});

it('names the other dispatchers who look', () => {
  const people = [
    makePerson({ role: 'dispatcher', name: 'me' }),
    makePerson({ role: 'dispatcher', name: 'anna' }),
    makePerson({ role: 'dispatcher', name: 'gone', connections: 0 }),
    makePerson({ role: 'driver' }),
  ];
  expect(othersIn(people, 'me')).toEqual(['anna']);
});
