/** Streets by name, to go to. Pure. */
import type { StreetFile } from './basemap/streets.ts';
import type { Place } from './types.ts';

/** One place a name: the middle of its longest way. */
export function placesOf({ ways }: StreetFile): readonly Place[] {
  const longest = new Map<string, StreetFile['ways'][number]['p']>();
  for (const { n: name, p: points } of ways) {
    if (name !== null && points.length > (longest.get(name)?.length ?? 0)) longest.set(name, points);
  }
  return [...longest].map(([name, points]) => {
    const [lon = 0, lat = 0] = points[points.length >> 1] ?? [];
    return { name, lat, lon };
  });
}
