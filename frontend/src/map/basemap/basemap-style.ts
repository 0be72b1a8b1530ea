/** How the basemap looks: calm, so that vehicles stand out. */
import type { Theme } from '../types.ts';

export type ColourName =
  | 'sea'
  | 'land'
  | 'border'
  | 'major'
  | 'majorCasing'
  | 'street'
  | 'casing'
  | 'text'
  | 'textHalo';

export type Colours = Readonly<Record<ColourName, string>>;

export const BASEMAP_COLOURS: Record<Theme, Colours> = {
  light: {
    sea: '#dde5ea',
    land: '#eceeef',
    border: '#c3cad1',
    major: '#fff1d0',
    majorCasing: '#d9c99f',
    street: '#ffffff',
    casing: '#cfd5da',
    text: '#5d6873',
    textHalo: '#ffffff',
  },
  dark: {
    sea: '#0d131b',
    land: '#161d27',
    border: '#2c3645',
    major: '#39465a',
    majorCasing: '#121820',
    street: '#2a3443',
    casing: '#121820',
    text: '#8794a6',
    textHalo: '#161d27',
  },
};

export interface StreetStyle {
  classes: readonly string[];
  /** Width in CSS pixels at zoom 12; it grows by `growth` a zoom. */
  widthPx: number;
  growth: number;
  fromZoom: number;
  fill: ColourName;
  casing: ColourName;
}

/** Drawn in this order, the biggest last. */
export const STREET_STYLES: readonly StreetStyle[] = [
  style(['residential', 'living_street', 'unclassified', 'road'], 0.8, 1.62, 12, 'street'),
  style(['tertiary_link', 'secondary_link', 'primary_link'], 1, 1.5, 12, 'street'),
  style(['tertiary'], 1.4, 1.55, 11, 'street'),
  style(['secondary'], 1.9, 1.52, 9, 'street'),
  style(['trunk_link', 'motorway_link'], 1.2, 1.45, 11, 'major'),
  style(['primary', 'trunk'], 2.4, 1.45, 7, 'major'),
  style(['motorway'], 2.8, 1.42, 6, 'major'),
];

/** The casings of thinner streets would run together. */
const THINNEST_CASED_PX = 1;

/** 0: not drawn at this zoom. */
export function widthPx(street: StreetStyle, zoom: number, part: 'casing' | 'fill'): number {
  if (zoom < street.fromZoom) return 0;
  const fill = Math.max(0.6, street.widthPx * street.growth ** (zoom - 12));
  if (part === 'fill') return fill;
  return fill < THINNEST_CASED_PX ? 0 : fill + Math.min(2, 1 + (zoom - 12) * 0.25);
}

function style(
  classes: readonly string[],
  width: number,
  growth: number,
  fromZoom: number,
  fill: 'major' | 'street',
): StreetStyle {
  return {
    classes,
    widthPx: width,
    growth,
    fromZoom,
    fill,
    casing: fill === 'major' ? 'majorCasing' : 'casing',
  };
}
