import { describe, expect, it } from 'vitest';
import { parsePageConfig } from '../src/page-config.ts';

describe('parsePageConfig', () => {
  const config = {
    live_url: '/l',
    regions_url: '/r',
    vehicles_url: '/v',
    fleet_url: '/fl',
    time_zone: 'UTC',
    events_url: '/e',
    shares_url: '/s',
    views_url: '/v',
    share_days: 30,
    alerts_url: '/a',
    messages_url: '/m',
    everything: true,
    user: 'a',
    tile_url: '',
    tile_attribution: '',
    demo: true,
  };

  it('accepts what Django writes', () => {
    expect(parsePageConfig(JSON.stringify(config))).toEqual(config);
  });

  it('refuses a page of another version', () => {
    expect(() => parsePageConfig(JSON.stringify({ ...config, live_url: undefined }))).toThrow(
      'lacks a field',
    );
  });
});
