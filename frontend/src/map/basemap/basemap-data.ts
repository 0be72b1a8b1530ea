/** The basemap's files in memory, and the names placed for each zoom level that was looked at. */
import type { Context } from '../sprite-art.ts';
import { placeNames, type StreetName } from './street-names.ts';
import { type Lines, linesOf, type StreetFile, type Streets, streetsOf } from './streets.ts';

export const NAME_FONT = '500 11px system-ui, sans-serif';

interface WorldFile {
  land: number[][];
  borders: number[][];
}

export interface World {
  land: Lines;
  borders: Lines;
}

export interface BasemapSources {
  streetsUrl: string;
  worldUrl: string;
}

export class BasemapData {
  private readonly namesByZoom = new Map<number, StreetName[]>();
  private readonly widthByText = new Map<string, number>();

  constructor(
    readonly streets: Streets,
    readonly world: World,
  ) {}

  names(context: Context, zoom: number): readonly StreetName[] {
    const known = this.namesByZoom.get(zoom);
    if (known !== undefined) return known;
    context.font = NAME_FONT;
    const names = placeNames(this.streets, { zoom, measurePx: (text) => this.widthOf(context, text) });
    this.namesByZoom.set(zoom, names);
    return names;
  }

  private widthOf(context: Context, text: string): number {
    const width = this.widthByText.get(text) ?? context.measureText(text).width;
    this.widthByText.set(text, width);
    return width;
  }
}

/** Throws when a file cannot be fetched. */
export async function loadBasemap({ streetsUrl, worldUrl }: BasemapSources): Promise<BasemapData> {
  const [streets, world] = await Promise.all([
    loadJson<StreetFile>(streetsUrl),
    loadJson<WorldFile>(worldUrl),
  ]);
  return new BasemapData(streetsOf(streets), { land: linesOf(world.land), borders: linesOf(world.borders) });
}

async function loadJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}
