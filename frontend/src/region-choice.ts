/** Which regions are watched: all of them, or a handful. Pure. */

export type RegionChoice = 'all' | ReadonlySet<string>;

/** Only this region; picked once more, all of them again. */
export function pickRegion(choice: RegionChoice, slug: string): RegionChoice {
  const isAlone = choice !== 'all' && choice.size === 1 && choice.has(slug);
  return isAlone ? 'all' : new Set([slug]);
}

/** This region as well, or no longer; without the last one all of them again. `most` as the server allows. */
export function toggleRegion(choice: RegionChoice, slug: string, most: number): RegionChoice {
  if (choice === 'all') return new Set([slug]);
  const next = new Set(choice);
  if (!next.delete(slug)) {
    if (next.size >= most) return choice;
    next.add(slug);
  }
  return next.size === 0 ? 'all' : next;
}

/** Drops regions that do not exist or are not granted. */
export function knownChoice(slugs: readonly string[], known: ReadonlySet<string>): RegionChoice {
  const chosen = slugs.filter((slug) => known.has(slug));
  return chosen.length === 0 ? 'all' : new Set(chosen);
}

export function activeRegions(choice: RegionChoice, known: readonly string[]): ReadonlySet<string> {
  return choice === 'all' ? new Set(known) : choice;
}

/** Without the right to everything, all means each granted region, as far as the server's limit goes. */
export function channelsOf(
  choice: RegionChoice,
  known: readonly string[],
  { everything, most }: { readonly everything: boolean; readonly most: number },
): readonly string[] {
  if (choice === 'all' && everything) return ['region:all'];
  return [...activeRegions(choice, known)].slice(0, most).map((slug) => `region:${slug}`);
}
