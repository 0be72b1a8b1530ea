/** All that is known of the watched vehicles: newest fix, name, status. Work per frame grows with what changed only. */

import type { Point } from './bounds.ts';
import { sortKey } from './format.ts';
import { bearingDeg } from './heading.ts';
import type { DrawStatus } from './map/types.ts';
import { NameOrder } from './name-order.ts';
import type { Delta, Frame, Row, Snapshot, VehicleInfo, VehicleNames, WireStatus } from './protocol.ts';
import { type AgeLimits, STATUS_NAMES, statusAt } from './status.ts';

export interface Vehicle {
  readonly id: number;
  readonly info: VehicleInfo;
  readonly lat: number;
  readonly lon: number;
  readonly speedMps: number | null;
  readonly courseDeg: number | null;
  /** The course, else the bearing of the way it made. */
  readonly headingDeg: number | null;
  readonly fixTimeMs: number;
  /** By age as well as by report. */
  readonly status: DrawStatus;
  /** Orders by name. */
  readonly key: string;
  /** Name, plate, slug and driver in lower case. */
  readonly haystack: string;
}

/** What the map and the list have not heard of yet. */
export interface Changes {
  readonly moved: readonly Vehicle[];
  readonly restyled: readonly Vehicle[];
  readonly removed: readonly number[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Entry extends Mutable<Vehicle> {
  reported: WireStatus;
  /** The place from which the next bearing is taken. */
  anchor: Mutable<Point> | null;
  /** How many watched channels hold the vehicle. */
  holders: number;
}

/** Until they are known nothing is too old. */
export const NO_LIMITS: AgeLimits = {
  staleAfterMs: Number.POSITIVE_INFINITY,
  offlineAfterMs: Number.POSITIVE_INFINITY,
};

export class FleetStore {
  readonly #vehicles = new Map<number, Entry>();
  readonly #bySlug = new Map<string, Entry>();
  /** By slug, of all that were ever seen. */
  readonly #names = new Map<string, string>();
  readonly #channels = new Map<string, Set<number>>();
  /** Of a snapshot in parts: who was in the channel before and has not been seen again. */
  readonly #missing = new Map<string, Set<number>>();
  readonly #order = new NameOrder<Entry>();
  readonly #counts: number[] = STATUS_NAMES.map(() => 0);
  readonly #moved = new Set<Entry>();
  readonly #restyled = new Set<Entry>();
  readonly #removed = new Set<number>();
  #limits = NO_LIMITS;
  #membership = 0;

  get size(): number {
    return this.#vehicles.size;
  }

  /** Rises whenever a vehicle comes, goes or is renamed. */
  get membership(): number {
    return this.#membership;
  }

  /** Indexed by DrawStatus. */
  get counts(): readonly number[] {
    return this.#counts;
  }

  get(id: number): Vehicle | undefined {
    return this.#vehicles.get(id);
  }

  find(slug: string): Vehicle | undefined {
    return this.#bySlug.get(slug);
  }

  /** Also of a vehicle that has left all watched channels. */
  nameOf(slug: string): string | undefined {
    return this.#names.get(slug);
  }

  byName(): readonly Vehicle[] {
    return this.#order.list();
  }

  setLimits(limits: AgeLimits): void {
    this.#limits = limits;
  }

  /** `nowMs` by the server's clock, here and below. */
  apply(frame: Frame, nowMs: number): void {
    if (frame.type === 'snapshot') this.#applyPart(frame, nowMs);
    else this.#applyDelta(frame, nowMs);
  }

  /** The channel is no longer watched. */
  forget(channel: string): void {
    for (const id of this.#channels.get(channel) ?? []) this.#release(id);
    this.#channels.delete(channel);
    this.#missing.delete(channel);
  }

  /** Lets time pass: fixes become stale without a frame. */
  advance(nowMs: number): void {
    for (const vehicle of this.#vehicles.values()) this.#judge(vehicle, nowMs);
  }

  takeChanges(): Changes {
    for (const vehicle of this.#moved) this.#restyled.delete(vehicle);
    const changes = {
      moved: [...this.#moved],
      restyled: [...this.#restyled],
      removed: [...this.#removed],
    };
    this.#moved.clear();
    this.#restyled.clear();
    this.#removed.clear();
    return changes;
  }

  #applyPart(frame: Snapshot, nowMs: number): void {
    if (frame.part === 1) this.#missing.set(frame.channel, new Set(this.#members(frame.channel)));
    const missing = this.#missing.get(frame.channel);
    for (const row of frame.rows) {
      this.#hold(frame.channel, row, frame.vehicles, nowMs, true);
      missing?.delete(row[0]);
    }
    this.#rename(frame.vehicles);
    if (frame.part < frame.parts) return;
    for (const id of missing ?? []) this.#leave(frame.channel, id);
    this.#missing.delete(frame.channel);
  }

  #applyDelta(frame: Delta, nowMs: number): void {
    for (const row of frame.rows) this.#hold(frame.channel, row, frame.vehicles, nowMs, false);
    for (const id of frame.gone) this.#leave(frame.channel, id);
    this.#rename(frame.vehicles);
  }

  #hold(channel: string, row: Row, names: VehicleNames, nowMs: number, replaces: boolean): void {
    const id = row[0];
    const fixTimeMs = row[1];
    const members = this.#members(channel);
    const vehicle = this.#vehicles.get(id) ?? this.#add(id, names[id]);
    if (!members.has(id)) {
      members.add(id);
      vehicle.holders += 1;
    }
    // A snapshot is the truth of its channel; what another channel knows better stays.
    const isNewer = fixTimeMs > vehicle.fixTimeMs || (replaces && vehicle.holders === 1);
    if (isNewer) this.#move(vehicle, row, nowMs);
    else if (fixTimeMs === vehicle.fixTimeMs) this.#report(vehicle, row[6], nowMs);
  }

  /** An alarm is raised and lifted without a new fix. */
  #report(vehicle: Entry, reported: WireStatus, nowMs: number): void {
    vehicle.reported = reported;
    this.#judge(vehicle, nowMs);
  }

  #move(vehicle: Entry, row: Row, nowMs: number): void {
    // By index: taking an array apart by a pattern costs twice as much.
    vehicle.fixTimeMs = row[1];
    vehicle.lat = row[2];
    vehicle.lon = row[3];
    vehicle.speedMps = row[4];
    vehicle.courseDeg = row[5];
    vehicle.reported = row[6];
    this.#turn(vehicle);
    this.#judge(vehicle, nowMs);
    this.#moved.add(vehicle);
  }

  #turn(vehicle: Entry): void {
    const { courseDeg, anchor } = vehicle;
    const bearing = courseDeg === null && anchor !== null ? bearingDeg(anchor, vehicle) : null;
    vehicle.headingDeg = courseDeg ?? bearing ?? vehicle.headingDeg;
    if (anchor === null) vehicle.anchor = { lat: vehicle.lat, lon: vehicle.lon };
    else if (courseDeg !== null || bearing !== null) {
      anchor.lat = vehicle.lat;
      anchor.lon = vehicle.lon;
    }
  }

  #judge(vehicle: Entry, nowMs: number): void {
    const status = statusAt(vehicle.reported, nowMs - vehicle.fixTimeMs, this.#limits);
    if (status === vehicle.status) return;
    this.#count(vehicle.status, -1);
    this.#count(status, 1);
    vehicle.status = status;
    this.#restyled.add(vehicle);
  }

  #add(id: number, named: VehicleInfo | undefined): Entry {
    const info = named ?? { slug: String(id), name: `#${id}`, plate: '', kind: '', colour: '' };
    const vehicle: Entry = {
      ...{ id, info, lat: 0, lon: 0, speedMps: null, courseDeg: null, status: 0 },
      ...{ headingDeg: null, anchor: null },
      ...{ fixTimeMs: Number.NEGATIVE_INFINITY, reported: null, holders: 0, key: '', haystack: '' },
    };
    this.#vehicles.set(id, vehicle);
    this.#removed.delete(id);
    this.#count(vehicle.status, 1);
    this.#identify(vehicle, info);
    return vehicle;
  }

  #rename(names: VehicleNames): void {
    for (const [id, info] of Object.entries(names)) {
      const vehicle = this.#vehicles.get(Number(id));
      if (vehicle === undefined || isSameInfo(vehicle.info, info)) continue;
      this.#bySlug.delete(vehicle.info.slug);
      this.#order.remove(vehicle);
      this.#identify(vehicle, info);
    }
  }

  #identify(vehicle: Entry, info: VehicleInfo): void {
    vehicle.info = info;
    vehicle.key = sortKey(info.name);
    vehicle.haystack = `${info.name}\n${info.plate}\n${info.slug}\n${info.driver ?? ''}`.toLowerCase();
    this.#bySlug.set(info.slug, vehicle);
    this.#names.set(info.slug, info.name);
    this.#order.add(vehicle);
    this.#membership += 1;
  }

  #leave(channel: string, id: number): void {
    if (this.#members(channel).delete(id)) this.#release(id);
  }

  #release(id: number): void {
    const vehicle = this.#vehicles.get(id);
    if (vehicle === undefined) return;
    vehicle.holders -= 1;
    if (vehicle.holders > 0) return;
    this.#vehicles.delete(id);
    this.#bySlug.delete(vehicle.info.slug);
    this.#order.remove(vehicle);
    this.#moved.delete(vehicle);
    this.#restyled.delete(vehicle);
    this.#removed.add(id);
    this.#count(vehicle.status, -1);
    this.#membership += 1;
  }

  #members(channel: string): Set<number> {
    const known = this.#channels.get(channel);
    if (known !== undefined) return known;
    const members = new Set<number>();
    this.#channels.set(channel, members);
    return members;
  }

  #count(status: DrawStatus, by: number): void {
    this.#counts[status] = (this.#counts[status] ?? 0) + by;
  }
}

function isSameInfo(a: VehicleInfo, b: VehicleInfo): boolean {
  return (
    a.name === b.name &&
    a.plate === b.plate &&
    a.slug === b.slug &&
    a.kind === b.kind &&
    a.colour === b.colour &&
    a.driver === b.driver &&
    a.off_duty_since === b.off_duty_since
  );
}
