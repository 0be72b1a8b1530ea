/** The live protocol, version 1 (docs/live-protocol.md): what messages look like. */
import { isRecord } from './guards.ts';
import { guards, isServerMessage } from './message-guards.ts';
import type { ProcessReport } from './ops/report.ts';

/** Packed frames first: the server takes the first that it speaks. */
export const SUBPROTOCOLS = ['fleet.v1.bin', 'fleet.v1.json'];
export const FIRST_FATAL_CODE = 4500;

/** 1 moving, 2 idle, 3 stopped, 4 alarm; the wire knows neither stale nor offline. */
export type WireStatus = number | null;

/** In the order of ROW_FIELDS; fix_time in ms since 1970 UTC. */
export type Row = readonly [
  vehicle: number,
  fixTime: number,
  lat: number,
  lon: number,
  speedMps: number | null,
  courseDeg: number | null,
  status: WireStatus,
];

export interface VehicleInfo {
  readonly slug: string;
  readonly name: string;
  readonly plate: string;
  readonly kind: string;
  readonly colour: string;
  /** By name, when somebody is named. */
  readonly driver?: string;
  /** While its driver is off duty: since when, in ms since 1970. */
  readonly off_duty_since?: number;
}

export type VehicleNames = Readonly<Record<string, VehicleInfo>>;

export interface Limits {
  readonly channels: number;
}

export interface Welcome {
  readonly type: 'welcome';
  readonly connection: string;
  readonly heartbeat_s: number;
  readonly tick_ms: number;
  readonly server_time: number;
  readonly expires_in_s: number | null;
  readonly limits: Limits;
  /** The mark of the regions that one may watch; null for a device. */
  readonly regions?: string | null;
  readonly stale_after_s: number;
  readonly offline_after_s: number;
}

export interface Snapshot {
  readonly type: 'snapshot';
  readonly seq: number;
  readonly channel: string;
  readonly cursor: string;
  readonly rows: readonly Row[];
  readonly vehicles: VehicleNames;
  readonly part: number;
  readonly parts: number;
}

export interface Delta {
  readonly type: 'delta';
  readonly seq: number;
  readonly prev: number;
  readonly channel: string;
  readonly cursor: string;
  readonly rows: readonly Row[];
  readonly gone: readonly number[];
  readonly vehicles: VehicleNames;
}

export interface Heartbeat {
  readonly type: 'heartbeat';
  readonly server_time: number;
  readonly bus: 'ok' | 'stale';
}

export interface Ok {
  readonly type: 'ok';
  readonly id: number;
  readonly result?: Readonly<Record<string, unknown>>;
}

export interface Failure {
  readonly type: 'error';
  readonly id: number | null;
  /** Where nothing was asked with an id: what the error is about. */
  readonly channel?: string;
  readonly code: string;
  readonly reason: string;
  readonly retry_after_s?: number;
}

export interface Bye {
  readonly type: 'bye';
  readonly code: number;
  readonly reason: string;
  readonly retry_ms: number | null;
  readonly resume: boolean;
}

/** Happened once; may be told more than once, always with the same `event_id`. */
export interface FleetEvent {
  readonly type: 'event';
  readonly seq: number;
  readonly channel: string;
  readonly event_id: number | string;
  readonly kind: string;
  readonly vehicle: number | string | null;
  readonly region: number | string | null;
  readonly time: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly vehicles?: VehicleNames;
}

/** The room is lost, the connection stays. */
export interface Kick {
  readonly type: 'kick';
  readonly channel: string;
  readonly code: string;
}

/** Whether somebody has an open connection. */
export interface Person {
  /** Opaque and stable. */
  readonly who: string;
  /** `driver` or `dispatcher`. */
  readonly role: string;
  /** A device's label, a user's name. */
  readonly name: string;
  /** The slug of a driver's vehicle. */
  readonly vehicle: string | null;
  /** 0: has left. */
  readonly connections: number;
  readonly transports: readonly string[];
  readonly since: number | null;
  /** Null while connected. */
  readonly last_seen: number | null;
}

/** State, not an event; `whole` replaces all that is known of the channel's people. */
export interface Presence {
  readonly type: 'presence';
  readonly channel: string;
  readonly whole: boolean;
  readonly time: number;
  readonly people: readonly Person[];
}

export interface Ops {
  readonly type: 'ops';
  readonly channel: string;
  readonly time: number;
  readonly processes: readonly ProcessReport[];
}

/** `mark` stands for the regions that one may watch: when it is another one, they are to be asked for again. */
export interface Regions {
  readonly type: 'regions';
  readonly mark: string | null;
}

/** What is neither a vehicle's state nor an event: it comes without a `seq`. */
export type Note = Presence | Ops | Regions;

export type Frame = Snapshot | Delta;
export type ServerMessage = Welcome | Frame | FleetEvent | Note | Kick | Heartbeat | Ok | Failure | Bye;

export type ClientMessage =
  | { readonly type: 'hello'; readonly token?: string; readonly window?: number }
  /** Whoever carries it puts a fresh token in. */
  | { readonly type: 'auth'; readonly id: number; readonly token?: string }
  | { readonly type: 'join'; readonly id: number; readonly channel: string; readonly cursor?: string }
  | { readonly type: 'leave'; readonly id: number; readonly channel: string }
  | { readonly type: 'ack'; readonly seq: number }
  | Command;

/** What the answer to a question says; null when the connection went before it came. */
export type Answer = Ok | Failure | null;

/** What can be said without a stream too, before the session has given it an id. */
export interface Question {
  readonly type: 'report' | 'send' | 'read';
  readonly [field: string]: unknown;
}

export interface Command extends Question {
  readonly id: number;
}

/** `strange` is a sign of life without news, as a type that this version must ignore; `broken` breaks the contract. */
export type Reading =
  | { readonly kind: 'message'; readonly message: ServerMessage }
  | { readonly kind: 'strange' }
  | { readonly kind: 'broken' };

export function decodeMessage(text: string): Reading {
  return readMessage(parse(text));
}

export function readMessage(value: unknown): Reading {
  if (!isRecord(value) || typeof value.type !== 'string') return { kind: 'broken' };
  if (!Object.hasOwn(guards, value.type)) return { kind: 'strange' };
  return isServerMessage(value) ? { kind: 'message', message: value } : { kind: 'broken' };
}

export function encodeMessage(message: ClientMessage): string {
  return JSON.stringify(message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
