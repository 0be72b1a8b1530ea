/** What Django tells the live page, as JSON in the page itself. */

export interface PageConfig {
  readonly live_url: string;
  readonly regions_url: string;
  readonly vehicles_url: string;
  readonly fleet_url: string;
  readonly events_url: string;
  readonly alerts_url: string;
  readonly messages_url: string;
  /** Whether the user may join `region:all`. */
  readonly everything: boolean;
  readonly user: string;
  readonly shares_url: string;
  readonly views_url: string;
  /** A share lasts so many days at most; 0: the user may not make any. */
  readonly share_days: number;
  /** Empty: the own basemap. */
  readonly tile_url: string;
  readonly tile_attribution: string;
  /** Where the fleet is at home, by its IANA name. */
  readonly time_zone: string;
  /** Whether the vehicles are made up. */
  readonly demo: boolean;
}

/** Throws when the page and its script do not belong together. */
export function parsePageConfig(json: string): PageConfig {
  const value: unknown = JSON.parse(json);
  if (!isPageConfig(value)) throw new Error('the page config lacks a field');
  return value;
}

function isPageConfig(value: unknown): value is PageConfig {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<keyof PageConfig, unknown>;
  const texts = [
    ...[fields.live_url, fields.regions_url, fields.vehicles_url, fields.events_url, fields.messages_url],
    ...[
      fields.user,
      fields.alerts_url,
      fields.shares_url,
      fields.views_url,
      fields.fleet_url,
      fields.tile_url,
      fields.tile_attribution,
      fields.time_zone,
    ],
  ];
  return (
    texts.every((text) => typeof text === 'string') &&
    typeof fields.share_days === 'number' &&
    [fields.everything, fields.demo].every((flag) => typeof flag === 'boolean')
  );
}
