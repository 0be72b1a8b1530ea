/** Who came and who left, as it happens, newest first; who was there when the page was opened did not come. */
import type { Person, Presence } from '../protocol.ts';

export interface Coming {
  readonly person: Person;
  readonly isHere: boolean;
  readonly timeMs: number;
}

export const MOST_COMINGS = 50;

export class Comings {
  #here: Map<string, Person> | null = null;
  #entries: readonly Coming[] = [];

  get entries(): readonly Coming[] {
    return this.#entries;
  }

  hear({ people, whole, time }: Presence): void {
    const before = this.#here;
    const after = new Map(whole ? [] : (before ?? []));
    for (const person of people) {
      if (person.connections > 0) after.set(person.who, person);
      else after.delete(person.who);
    }
    this.#here = after;
    if (before === null) return;
    const came = [...after.values()].filter(({ who }) => !before.has(who));
    const left = [...before.values()].filter(({ who }) => !after.has(who));
    const told = new Map(people.map((person) => [person.who, person]));
    this.#entries = [
      ...came.map((person) => ({ person, isHere: true, timeMs: person.since ?? time })),
      ...left.map((person) => ({
        person,
        isHere: false,
        timeMs: told.get(person.who)?.last_seen ?? time,
      })),
      ...this.#entries,
    ].slice(0, MOST_COMINGS);
  }
}
