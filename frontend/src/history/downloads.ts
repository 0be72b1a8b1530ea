/** The files that are to be had of one vehicle's days. */
import { t } from '../texts.ts';
import { type Asked, addressOf } from './load.ts';

export interface Download {
  readonly name: string;
  readonly address: string;
  readonly file: string;
}

const FILES = [
  ['GeoJSON', 'geojson'],
  ['GPX', 'gpx'],
  ['KML', 'kml'],
  ['CSV', 'csv'],
] as const;

export function downloadsOf(
  asked: Asked,
  days: readonly [first: string, last: string],
  zone: string,
): readonly Download[] {
  const stem = [asked.slug, ...new Set(days)].join('_');
  const track = FILES.map(([name, format]) => ({
    name: t('Track as {format}', { format: name }),
    address: addressOf(asked, 'track', { format }),
    file: `${stem}.${format}`,
  }));
  const summary = addressOf(asked, 'summary', { tz: zone, format: 'csv' });
  return [...track, { name: t('Summary as CSV'), address: summary, file: `${stem}_summary.csv` }];
}
