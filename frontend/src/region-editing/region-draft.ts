/** A region as somebody changes it, before it is saved. Pure. */
import type { Area, RegionShape } from '../map/types.ts';

export interface RegionDraft {
  /** What the server has; null: it is new. */
  readonly kept: KeptRegion | null;
  readonly name: string;
  readonly colour: string;
  /** Of a new one; empty: the server makes it of the name. */
  readonly slug: string;
  /** Null until it is drawn. */
  readonly area: Area | null;
  /** What it was before each change of the area, the newest last. */
  readonly past: readonly (Area | null)[];
}

export interface KeptRegion {
  readonly region: RegionShape;
  readonly etag: string;
}

export type RegionFields = Readonly<Partial<Record<'name' | 'colour' | 'slug', string>>>;

const FIRST_COLOUR = '#7a5af5';
const MOST_SLUG_CHARS = 60;

export function newDraft(): RegionDraft {
  return { kept: null, name: '', colour: FIRST_COLOUR, slug: '', area: null, past: [] };
}

export function draftOf(kept: KeptRegion): RegionDraft {
  const { name, colour, slug, polygon } = kept.region;
  return { kept, name, colour, slug, area: polygon, past: [] };
}

export function withFields(draft: RegionDraft, fields: RegionFields): RegionDraft {
  return { ...draft, ...fields };
}

export function withArea(draft: RegionDraft, area: Area): RegionDraft {
  return { ...draft, area, past: [...draft.past, draft.area] };
}

/** The area before its last change. */
export function undo(draft: RegionDraft): RegionDraft {
  const before = draft.past.at(-1);
  return before === undefined ? draft : { ...draft, area: before, past: draft.past.slice(0, -1) };
}

export function isChanged(draft: RegionDraft): boolean {
  return Object.keys(draft.kept === null ? filledOf(draft) : changesOf(draft, draft.kept.region)).length > 0;
}

/** What is sent: all of a new one, else what differs from what is kept. */
export function bodyOf(draft: RegionDraft): Readonly<Record<string, unknown>> {
  if (draft.kept !== null) return changesOf(draft, draft.kept.region);
  const { name, colour, slug, area } = draft;
  return { name: name.trim(), colour, polygon: area, ...(slug.trim() === '' ? {} : { slug: slug.trim() }) };
}

/** As the server will make it of the name, but for a number where it is taken. */
export function slugOf(name: string): string {
  const letters = name
    .normalize('NFKD')
    .replace(/[^\p{ASCII}]/gu, '')
    .toLowerCase();
  const joined = letters
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/[-\s]+/g, '-');
  return joined.replace(/^[-_]+|[-_]+$/g, '').slice(0, MOST_SLUG_CHARS) || 'region';
}

function changesOf(
  { name, colour, area }: RegionDraft,
  kept: RegionShape,
): Readonly<Record<string, unknown>> {
  return {
    ...(name.trim() === kept.name ? {} : { name: name.trim() }),
    ...(colour === kept.colour ? {} : { colour }),
    ...(JSON.stringify(area) === JSON.stringify(kept.polygon) ? {} : { polygon: area }),
  };
}

function filledOf({ name, slug, area }: RegionDraft): Readonly<Record<string, unknown>> {
  return { ...(name.trim() && { name }), ...(slug.trim() && { slug }), ...(area && { area }) };
}
