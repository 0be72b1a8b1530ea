/** What the live page offers to those who may share: the selected vehicle on its card, a region in the menu. */
import type { Vehicle } from '../fleet-store.ts';
import type { PageConfig } from '../page-config.ts';
import { mountPoint } from '../panels/dom.ts';
import { ShareDialog, shareMenuItem } from '../panels/share-dialog.ts';
import type { LiveRegions } from './live-regions.ts';

export interface ShareSources {
  readonly regions: LiveRegions;
  selected(): Vehicle | undefined;
  serverNowMs(): number;
}

/** What shares the selected vehicle; undefined for who may not share. */
export function offerShares(
  { shares_url: sharesUrl, share_days: days }: PageConfig,
  { regions, selected, serverNowMs }: ShareSources,
): (() => void) | undefined {
  if (days === 0) return undefined;
  const dialog = new ShareDialog({ sharesUrl, days });
  const chosen = (): string | null => (regions.choice === 'all' ? null : ([...regions.choice][0] ?? null));
  mountPoint('menu-items').prepend(shareMenuItem(() => dialog.shareRegion(regions.shapes, chosen())));
  return () => {
    const vehicle = selected();
    if (vehicle !== undefined) dialog.shareVehicle(vehicle.info, serverNowMs());
  };
}
