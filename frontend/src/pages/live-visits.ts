/** Leads from the menu to who was here: in the region that is watched alone, on the same piece of the map. */
import type { FleetMap } from '../map/types.ts';
import { mountPoint } from '../panels/dom.ts';
import { formatView } from '../url-state.ts';
import type { LiveRegions } from './live-regions.ts';

export function leadToVisits({
  map,
  regions,
}: {
  readonly map: FleetMap;
  readonly regions: LiveRegions;
}): void {
  const link = mountPoint('visits-link');
  const point = (): void => {
    const [slug, ...others] = regions.choice === 'all' ? [] : [...regions.choice];
    const region = slug === undefined || others.length > 0 ? '' : `region=${encodeURIComponent(slug)}&`;
    link.setAttribute('href', `/visits?${region}at=${formatView(map.view())}`);
  };
  link.addEventListener('pointerdown', point);
  link.addEventListener('focus', point);
}
