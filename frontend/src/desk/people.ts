/** Who is connected, by channel, as `presence` tells it. No DOM, no clock. */
import type { Person, Presence } from '../protocol.ts';

export class People {
  readonly #channels = new Map<string, Map<string, Person>>();

  hear({ channel, whole, people }: Presence): void {
    const known = whole ? new Map<string, Person>() : new Map(this.#channels.get(channel));
    for (const person of people) known.set(person.who, person);
    this.#channels.set(channel, known);
  }

  forget(channel: string): void {
    this.#channels.delete(channel);
  }

  /** Null while nothing has been told of the channel. */
  in(channel: string): readonly Person[] | null {
    const known = this.#channels.get(channel);
    return known === undefined ? null : [...known.values()];
  }
}

export interface DriverPresence {
  readonly state: 'connected' | 'left' | 'unknown';
  /** Its devices' labels, those that are connected first. */
  readonly names: readonly string[];
  /** Since when connected, or when last seen; null: nobody knows. */
  readonly timeMs: number | null;
}

const NOTHING_KNOWN: DriverPresence = { state: 'unknown', names: [], timeMs: null };

/** All devices of a vehicle count as its driver. */
export function driverOf(people: readonly Person[] | null, vehicle: string): DriverPresence {
  const drivers = (people ?? []).filter((person) => person.role === 'driver' && person.vehicle === vehicle);
  const here = drivers.filter(({ connections }) => connections > 0);
  if (here.length > 0) {
    const since = here.flatMap(({ since }) => since ?? []);
    return { state: 'connected', names: namesOf(here), timeMs: since.length ? Math.min(...since) : null };
  }
  const seen = drivers.flatMap(({ last_seen }) => last_seen ?? []);
  if (drivers.length === 0) return NOTHING_KNOWN;
  return { state: 'left', names: namesOf(drivers), timeMs: seen.length ? Math.max(...seen) : null };
}

/** Names of the other dispatchers who look at the same vehicle. */
export function othersIn(people: readonly Person[] | null, me: string): readonly string[] {
  const others = (people ?? []).filter(
    ({ role, name, connections }) => role === 'dispatcher' && name !== me && connections > 0,
  );
  return namesOf(others);
}

function namesOf(people: readonly Person[]): string[] {
  return [...new Set(people.map(({ name }) => name))].sort();
}
