/** Regions as they are read one by one, saved, deleted and imported. */
import { isListOf, isRecord, isText } from '../guards.ts';
import type { RegionShape } from '../map/types.ts';
import { isRegion } from '../regions.ts';
import { type Problem, send } from '../rest.ts';
import { t } from '../texts.ts';
import { bodyOf, type KeptRegion, type RegionDraft } from './region-draft.ts';

export type Outcome<T> = { readonly value: T; readonly problem: null } | { readonly problem: Problem };

/** Somebody else was quicker. */
export const OUTDATED = 412;
export const GONE = 404;

export class RegionRest {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  get exportUrl(): string {
    return `${this.#url}.geojson`;
  }

  async load(slug: string): Promise<Outcome<KeptRegion>> {
    return keptOf(await send('GET', this.#urlOf(slug), undefined));
  }

  /** A new one is added; of any other what changed is sent, if nobody has changed it since. */
  async save(draft: RegionDraft): Promise<Outcome<KeptRegion>> {
    const { kept } = draft;
    if (kept === null) return keptOf(await send('POST', this.#url, bodyOf(draft)));
    const headers = { 'If-Match': kept.etag };
    return keptOf(await send('PATCH', this.#urlOf(kept.region.slug), bodyOf(draft), headers));
  }

  async remove({ region, etag }: KeptRegion): Promise<Outcome<null>> {
    const { problem } = await send('DELETE', this.#urlOf(region.slug), undefined, { 'If-Match': etag });
    return problem === null ? { value: null, problem } : { problem };
  }

  /** The text of a GeoJSON file; all of it or nothing. Gives how many were added, changed, unchanged. */
  async importFile(text: string): Promise<Outcome<Readonly<Record<string, number>>>> {
    const file = parse(text);
    if (file === undefined) return { problem: strange(t('The file is not JSON.')) };
    const { value, problem } = await send('POST', this.exportUrl, file);
    if (problem !== null) return { problem };
    const features = isRecord(value) && isListOf(value.features, isRecord) ? value.features : [];
    const counts: Record<string, number> = {};
    for (const { outcome } of features) if (isText(outcome)) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return { value: counts, problem: null };
  }

  #urlOf(slug: string): string {
    return `${this.#url}/${encodeURIComponent(slug)}`;
  }
}

function keptOf({ value, etag, problem }: Awaited<ReturnType<typeof send>>): Outcome<KeptRegion> {
  if (problem !== null) return { problem };
  if (!isRegion(value) || etag === null)
    return { problem: strange(t('The server gave something other than agreed.')) };
  const region: RegionShape = value;
  return { value: { region, etag }, problem: null };
}

function strange(detail: string): Problem {
  return { status: 0, detail, errors: [] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
