/** The live stream for other pages, as one module: docs/browser-client.md. */
import { onComeback } from './comeback.ts';
import type { Vehicle } from './fleet-store.ts';
import { type FeedReport, LiveFeed } from './live-feed.ts';
import type { FleetEvent } from './protocol.ts';
import { type StatusName, statusName } from './status.ts';
import { openLive } from './transports/live.ts';
import type { GetToken } from './transports/transport.ts';

export type { FeedReport, FleetEvent };

export interface FleetVehicle {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly plate: string;
  /** Empty when nobody is named. */
  readonly driver: string;
  readonly kind: string;
  readonly colour: string;
  readonly lat: number;
  readonly lon: number;
  readonly speedMps: number | null;
  readonly courseDeg: number | null;
  readonly fixTimeMs: number;
  /** Stale and offline by the server's clock. */
  readonly status: StatusName;
}

export interface FleetChange {
  /** Moved, renamed or of another status. */
  readonly changed: readonly FleetVehicle[];
  /** Ids of those that left all watched channels. */
  readonly removed: readonly number[];
}

export interface FleetOptions {
  readonly channels: readonly string[];
  /** The site, if it is not the page's own. */
  readonly url?: string | URL;
  /** A stream token for who has no session cookie; asked for at each connection, and again before one ends. */
  readonly token?: GetToken;
  readonly onChange: (change: FleetChange) => void;
  readonly onEvent?: (event: FleetEvent) => void;
  /** `channel` is null when it is about none. */
  readonly onRefused?: (channel: string | null, reason: string) => void;
}

export interface FleetWatch {
  /** All that are known now, by name. */
  vehicles(): readonly FleetVehicle[];
  /** Exactly these channels from now on. */
  watch(channels: readonly string[]): void;
  /** How live it is: level, seconds behind, transport. */
  report(): FeedReport;
  stop(): void;
}

const AGE_EVERY_MS = 1000;

export function watchFleet(options: FleetOptions): FleetWatch {
  const base = new URL('/live/v1/', options.url ?? location.href);
  const token = options.token ?? null;
  const listener = {
    changed: () => tell(feed, options.onChange),
    refused: (channel: string | null, reason: string) => options.onRefused?.(channel, reason),
    happened: (event: FleetEvent) => options.onEvent?.(event),
  };
  const feed = new LiveFeed(openLive({ base, token }), listener, { hasToken: token !== null });
  const ageing = setInterval(() => feed.advance(), AGE_EVERY_MS);
  const ignoreComebacks = onComeback(() => feed.nudge());
  feed.watch(options.channels);
  feed.start();
  return {
    vehicles: () => feed.store.byName().map(describe),
    watch: (channels) => feed.watch(channels),
    report: () => feed.report(),
    stop() {
      clearInterval(ageing);
      ignoreComebacks();
      feed.stop();
    },
  };
}

function tell(feed: LiveFeed, onChange: FleetOptions['onChange']): void {
  const { moved, restyled, removed } = feed.store.takeChanges();
  const changed = [...new Set([...moved, ...restyled])].map(describe);
  if (changed.length > 0 || removed.length > 0) onChange({ changed, removed });
}

function describe(vehicle: Vehicle): FleetVehicle {
  const { id, info, lat, lon, speedMps, courseDeg, fixTimeMs, status } = vehicle;
  const { slug, name, plate, driver = '', kind, colour } = info;
  return {
    id,
    slug,
    name,
    plate,
    driver,
    kind,
    colour,
    lat,
    lon,
    speedMps,
    courseDeg,
    fixTimeMs,
    status: statusName(status),
  };
}
