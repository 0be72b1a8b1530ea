/** What a guest sees: the map with one vehicle, one region or one trip, and a line that says what it is. */
import { boundsOf } from '../bounds.ts';
import { onComeback } from '../comeback.ts';
import { ageText, momentText, speedText } from '../format.ts';
import { type GuestClient, LinkEnded } from '../guest-client.ts';
import { LiveFeed } from '../live-feed.ts';
import { createFleetMap } from '../map/fleet-map.ts';
import type { FleetMap, RegionShape } from '../map/types.ts';
import { h, mountPoint, Text } from '../panels/dom.ts';
import { StatusIcon } from '../panels/icons.ts';
import { LiveChip } from '../panels/live-chip.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { cornersOf } from '../regions.ts';
import type { SharedThing } from '../shares.ts';
import { STATUS_NAMES } from '../status.ts';
import { statusText } from '../status-text.ts';
import { counted, mark, t } from '../texts.ts';
import { openLive } from '../transports/live.ts';

const TICK_MS = 250;
const TICKS_PER_SECOND = 4;
/** A vehicle out of its maker's sight may come back. */
const ASK_AGAIN_MS = 15_000;
const TRY_AGAIN_MS = 5_000;
const NEAR_ZOOM = 15;
const ENDED = mark(
  'This link shows nothing any more: it has expired or was revoked, or the address is not whole.',
);
const OUT_OF_SIGHT = mark('Out of sight just now. It will be shown when it comes back.');

export interface GuestPageOptions {
  readonly tileUrl: string;
  readonly tileAttribution: string;
}

export class GuestPage {
  readonly #client: GuestClient;
  readonly #map: FleetMap;
  readonly #title = new Text();
  readonly #line = new Text();
  readonly #icon = new StatusIcon();
  readonly #message = mountPoint('guest-message');
  #feed: LiveFeed | null = null;
  #isPlaced = false;
  /** Of the fleet when its names were written last. */
  #named = -1;
  #ticks = 0;

  constructor(client: GuestClient, { tileUrl, tileAttribution }: GuestPageOptions) {
    this.#client = client;
    const theme = new ThemeSwitch(mountPoint('theme-button'), (chosen) => this.#map.setTheme(chosen));
    this.#map = createFleetMap({
      container: mountPoint('map'),
      theme: theme.theme,
      ...(tileUrl ? { tileUrl, tileAttribution } : {}),
      nameOf: (id) => this.#feed?.store.get(id)?.info.name ?? '',
      onPile: () => undefined,
      onHover: () => undefined,
      onMeasure: () => undefined,
      onPick: () => undefined,
      onViewChange: () => undefined,
      onUserMove: () => this.#map.follow(null),
      onHand: () => undefined,
    });
    const words = h('div', {}, h('h1', {}, this.#title.node), h('p', {}, this.#line.node));
    mountPoint('guest-head').append(words);
  }

  async start(): Promise<void> {
    try {
      const thing = await this.#client.thing();
      this.#title.show(thing.name);
      document.title = `${thing.name} – Fleet`;
      if (thing.channel === null) await this.#showTrip(thing);
      else this.#watch(thing, thing.channel);
      this.#message.hidden = true;
    } catch (error) {
      this.#complain(error);
    }
  }

  #complain(error: unknown): void {
    if (error instanceof LinkEnded) {
      this.#end();
      return;
    }
    this.#say(t('The server could not be reached. Trying again.'));
    setTimeout(() => void this.start(), TRY_AGAIN_MS);
  }

  async #showTrip({ from_time, to_time, colour, trimmed }: SharedThing): Promise<void> {
    const nowMs = Date.now();
    const [from, to] = [from_time, to_time].map((time) => momentText(Date.parse(time ?? ''), nowMs));
    const parts = await this.#client.trip();
    const lines = parts.map((part) => part.map(([, lat, lon]) => ({ lat, lon })));
    this.#line.show(`${from} – ${to}${trimmed ? ` · ${t('without its ends')}` : ''}`);
    this.#map.showTrip(lines, colour);
    const bounds = boundsOf(lines.flat());
    if (bounds === null) this.#line.show(`${from} – ${to} · ${t('nothing to show')}`);
    else this.#map.fit(bounds);
  }

  #watch(thing: SharedThing, channel: string): void {
    const base = new URL('/live/v1/', location.href);
    const feed = new LiveFeed(
      openLive({ base, token: () => this.#token() }),
      {
        changed: () => this.#passOn(),
        refused: () => this.#askAgain(channel),
        happened: () => undefined,
      },
      { hasToken: true },
    );
    this.#feed = feed;
    if (thing.kind === 'region') {
      this.#outline(thing);
      this.#map.labels('on');
    }
    const chip = new LiveChip(mountPoint('live-chip'));
    onComeback(() => feed.nudge());
    feed.watch([channel]);
    feed.start();
    setInterval(() => this.#tick(thing, feed, chip), TICK_MS);
  }

  async #token(): Promise<string> {
    try {
      return await this.#client.token();
    } catch (error) {
      if (error instanceof LinkEnded) this.#end();
      throw error;
    }
  }

  #outline({ name, colour, polygon }: SharedThing): void {
    const shape = { slug: name, name, colour, polygon: polygon as RegionShape['polygon'] };
    this.#map.showRegions([shape], new Set([name]));
    const bounds = boundsOf(cornersOf([shape]));
    if (bounds !== null) this.#map.fit(bounds);
  }

  #askAgain(channel: string): void {
    this.#say(t(OUT_OF_SIGHT));
    this.#feed?.watch([]);
    setTimeout(() => this.#feed?.watch([channel]), ASK_AGAIN_MS);
  }

  #passOn(): void {
    const feed = this.#feed;
    if (feed === null) return;
    const { moved, restyled, removed } = feed.store.takeChanges();
    if (moved.length > 0) this.#map.update(moved);
    for (const { id, status } of restyled) this.#map.restyle(id, status);
    if (removed.length > 0) this.#map.remove(removed);
    if (moved.length > 0) this.#message.hidden = true;
  }

  #tick(thing: SharedThing, feed: LiveFeed, chip: LiveChip): void {
    this.#ticks += 1;
    if (this.#ticks % TICKS_PER_SECOND === 0) feed.advance();
    const report = feed.report();
    chip.show(report);
    this.#map.setFeedLost(report.level === 'lost' || report.level === 'ended');
    if (report.level === 'ended') this.#end();
    if (thing.kind === 'region') this.#tellRegion(feed);
    else this.#tellVehicle(feed);
  }

  #tellRegion({ store }: LiveFeed): void {
    const moving = store.counts[STATUS_NAMES.indexOf('moving')] ?? 0;
    this.#line.show(
      `${counted('{count} vehicle', '{count} vehicles', store.size)} · ${counted('{count} moving', '{count} moving', moving)}`,
    );
    if (store.membership !== this.#named) this.#map.renamed();
    this.#named = store.membership;
  }

  #tellVehicle(feed: LiveFeed): void {
    const [vehicle] = feed.store.byName();
    if (vehicle === undefined) {
      this.#icon.element.remove();
      this.#line.show(feed.isSettled ? t('No position yet') : '');
      return;
    }
    if (!this.#icon.element.isConnected) mountPoint('guest-head').prepend(this.#icon.element);
    this.#icon.show(vehicle.status, vehicle.headingDeg);
    const age = t('{age} ago', { age: ageText(feed.serverNowMs - vehicle.fixTimeMs) });
    this.#line.show([statusText(vehicle.status), speedText(vehicle.speedMps), age].join(' · '));
    if (this.#isPlaced) return;
    this.#isPlaced = true;
    this.#map.setView({ lat: vehicle.lat, lon: vehicle.lon, zoom: NEAR_ZOOM });
    this.#map.follow(vehicle.id);
  }

  #end(): void {
    this.#feed?.stop();
    this.#map.clear();
    this.#say(t(ENDED));
  }

  #say(text: string): void {
    this.#message.textContent = text;
    this.#message.hidden = false;
  }
}
