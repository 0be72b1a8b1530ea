/** Several vehicles side by side: which, which of them is the chosen one, and what is true of all. Pure. */
import type { Episode } from './episodes.ts';
import { merged, type Span } from './player.ts';
import type { Track } from './track.ts';

/** More could not be told apart. */
export const MOST_VEHICLES = 8;
/** A vehicle's letter, colour and dashes go by its place in the company. */
export const LETTERS: readonly string[] = [...'ABCDEFGH'];

export interface Company {
  /** In the order in which they came. */
  readonly vehicles: readonly string[];
  /** Of which chart, figures and all fixes are shown; null: there is none at all. */
  readonly vehicle: string | null;
}

/** One of the others, with what is known of it. */
export interface Member {
  readonly slug: string;
  readonly name: string;
  /** In the company. */
  readonly own: number;
  readonly track: Track;
  readonly episodes: readonly Episode[];
}

/** One of the others, before anything is known of it. */
export type Wanted = Pick<Member, 'slug' | 'own' | 'name'>;

export function companyOf(slugs: readonly string[], chosen: string | null): Company {
  const vehicles = [...new Set(slugs)].slice(0, MOST_VEHICLES);
  const vehicle = chosen !== null && vehicles.includes(chosen) ? chosen : (vehicles[0] ?? null);
  return { vehicles, vehicle };
}

export function withOneMore({ vehicles, vehicle }: Company, slug: string): Company {
  return companyOf([...vehicles, slug], vehicle);
}

export function withoutOne({ vehicles, vehicle }: Company, slug: string): Company {
  return companyOf(
    vehicles.filter((one) => one !== slug),
    vehicle,
  );
}

/** Another vehicle in place of the chosen one; one that is there already is chosen. */
export function withAnother({ vehicles, vehicle }: Company, slug: string): Company {
  if (vehicles.includes(slug)) return { vehicles, vehicle: slug };
  const others = vehicles.map((one) => (one === vehicle ? slug : one));
  return companyOf(others.length === 0 ? [slug] : others, slug);
}

/** Alone a vehicle has neither letter nor colour of its own. */
export function ownOf({ vehicles, vehicle }: Company): number | null {
  return vehicles.length < 2 || vehicle === null ? null : vehicles.indexOf(vehicle);
}

/** All but the chosen one, as they came. */
export function othersOf(
  { vehicles, vehicle }: Company,
  nameOf: (slug: string) => string,
): readonly Wanted[] {
  const all = vehicles.map((slug, own) => ({ slug, own, name: nameOf(slug) }));
  return all.filter(({ slug }) => slug !== vehicle);
}

/** When none of them drives or sends anything; in order and apart from each other. */
export function idleSpans(members: readonly Pick<Member, 'track' | 'episodes'>[]): readonly Span[] {
  const idle = members.map(({ track, episodes }) => {
    const stops = episodes
      .filter(({ kind }) => kind === 'stop')
      .map(({ fromMs, toMs }) => [fromMs, toMs] as const);
    const [first, last] = [track.times[0], track.times.at(-1)];
    const outside: readonly Span[] =
      first === undefined || last === undefined
        ? [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]]
        : [
            [Number.NEGATIVE_INFINITY, first],
            [last, Number.POSITIVE_INFINITY],
          ];
    return members.length === 1
      ? merged([...track.gaps, ...stops])
      : merged([...track.gaps, ...stops, ...outside]);
  });
  const all = idle.length === 0 ? [] : idle.reduce(inBoth);
  return all.filter((span) => span.every(Number.isFinite));
}

/** From the first fix of all to the last; null without any. */
export function knownSpan(tracks: readonly Track[]): Span | null {
  const known = tracks.filter(({ times }) => times.length > 0);
  if (known.length === 0) return null;
  return [
    Math.min(...known.map(({ times }) => times[0] as number)),
    Math.max(...known.map(({ times }) => times.at(-1) as number)),
  ];
}

function inBoth(some: readonly Span[], others: readonly Span[]): readonly Span[] {
  return some.flatMap(([fromMs, toMs]) =>
    others
      .filter((other) => other[0] < toMs && fromMs < other[1])
      .map((other) => [Math.max(fromMs, other[0]), Math.min(toMs, other[1])] as const),
  );
}
