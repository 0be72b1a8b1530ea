/** The live protocol, version 1 (docs/live-protocol.md): what messages look like, and how to tell. */

/** Packed frames first: the server takes the first that it speaks. */
export const SUBPROTOCOLS = ['fleet.v1.bin', 'fleet.v1.json'];
export const FIRST_FATAL_CODE = 4500;
export const ROW_FIELDS = ['vehicle', 'fix_time', 'lat', 'lon', 'speed_mps', 'course_deg', 'status'] as const;

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
}

/** The room is lost, the connection stays. */
export interface Kick {
  readonly type: 'kick';
  readonly channel: string;
  readonly code: string;
}

export type Frame = Snapshot | Delta;
export type ServerMessage = Welcome | Frame | FleetEvent | Kick | Heartbeat | Ok | Failure | Bye;

export type ClientMessage =
  | { readonly type: 'hello'; readonly token?: string }
  /** Whoever carries it puts a fresh token in. */
  | { readonly type: 'auth'; readonly id: number; readonly token?: string }
  | { readonly type: 'join'; readonly id: number; readonly channel: string; readonly cursor?: string }
  | { readonly type: 'leave'; readonly id: number; readonly channel: string }
  | { readonly type: 'ack'; readonly seq: number }
  | Command;

/** What can be said without a stream too. */
export interface Command {
  readonly type: 'report' | 'send' | 'read';
  readonly id: number;
  readonly [field: string]: unknown;
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

type Fields = Record<string, unknown>;
type Guard = (value: unknown) => boolean;

function isServerMessage(value: Fields): value is Fields & ServerMessage {
  return guards[value.type as ServerMessage['type']](value);
}

const guards: Record<ServerMessage['type'], (fields: Fields) => boolean> = {
  welcome: (m) =>
    isText(m.connection) &&
    isNumber(m.heartbeat_s) &&
    m.heartbeat_s > 0 &&
    isNumber(m.tick_ms) &&
    isNumber(m.server_time) &&
    isNumberOrNull(m.expires_in_s) &&
    isRecord(m.limits) &&
    isNumber(m.limits.channels) &&
    isNumber(m.stale_after_s) &&
    isNumber(m.offline_after_s),
  snapshot: (m) => isFrame(m) && hasKnownFields(m.fields) && isNumber(m.part) && isNumber(m.parts),
  delta: (m) => isFrame(m) && isNumber(m.prev) && isListOf(m.gone, isNumber),
  event: (m) =>
    isNumber(m.seq) &&
    isText(m.channel) &&
    isName(m.event_id) &&
    isText(m.kind) &&
    isNameOrNull(m.vehicle) &&
    isNameOrNull(m.region) &&
    isNumber(m.time) &&
    isRecord(m.data),
  kick: (m) => isText(m.channel) && isText(m.code),
  heartbeat: (m) => isNumber(m.server_time) && (m.bus === 'ok' || m.bus === 'stale'),
  ok: (m) => isNumber(m.id) && (m.result === undefined || isRecord(m.result)),
  error: (m) =>
    isNumberOrNull(m.id) &&
    (m.channel === undefined || isText(m.channel)) &&
    isText(m.code) &&
    isText(m.reason) &&
    (m.retry_after_s === undefined || isNumber(m.retry_after_s)),
  bye: (m) =>
    isNumber(m.code) && isText(m.reason) && isNumberOrNull(m.retry_ms) && typeof m.resume === 'boolean',
};

function isFrame(m: Fields): boolean {
  return (
    isNumber(m.seq) &&
    isText(m.channel) &&
    isText(m.cursor) &&
    isListOf(m.rows, isRow) &&
    areVehicleNames(m.vehicles)
  );
}

function isRow(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length >= ROW_FIELDS.length &&
    isNumber(value[0]) &&
    isNumber(value[1]) &&
    isNumber(value[2]) &&
    isNumber(value[3]) &&
    isNumberOrNull(value[4]) &&
    isNumberOrNull(value[5]) &&
    isNumberOrNull(value[6])
  );
}

function hasKnownFields(value: unknown): boolean {
  return Array.isArray(value) && ROW_FIELDS.every((field, index) => value[index] === field);
}

export function areVehicleNames(value: unknown): value is VehicleNames {
  return isRecord(value) && Object.values(value).every(isInfo);
}

function isInfo(value: unknown): boolean {
  return isRecord(value) && [value.slug, value.name, value.plate, value.kind, value.colour].every(isText);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isListOf(value: unknown, guard: Guard): boolean {
  return Array.isArray(value) && value.every((item) => guard(item));
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isName(value: unknown): boolean {
  return isText(value) || isNumber(value);
}

function isNameOrNull(value: unknown): boolean {
  return value === null || isName(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isNumberOrNull(value: unknown): value is number | null {
  return value === null || isNumber(value);
}
