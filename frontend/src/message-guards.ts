/** Whether a message of the server is one, type by type; what it holds beyond is ignored. */
import {
  type Fields,
  isListOf,
  isName,
  isNameOrNull,
  isNumber,
  isNumberOrNull,
  isRecord,
  isText,
  isTextOrNull,
} from './guards.ts';
import { isProcessReport } from './ops/report.ts';
import type { ServerMessage, VehicleNames } from './protocol.ts';

export const ROW_FIELDS = ['vehicle', 'fix_time', 'lat', 'lon', 'speed_mps', 'course_deg', 'status'] as const;

/** `type` must be that of a server message. */
export function isServerMessage(value: Fields): value is Fields & ServerMessage {
  return guards[value.type as ServerMessage['type']](value);
}

export const guards: Record<ServerMessage['type'], (fields: Fields) => boolean> = {
  welcome: (m) =>
    isText(m.connection) &&
    isNumber(m.heartbeat_s) &&
    m.heartbeat_s > 0 &&
    isNumber(m.tick_ms) &&
    isNumber(m.server_time) &&
    isNumberOrNull(m.expires_in_s) &&
    isRecord(m.limits) &&
    isNumber(m.limits.channels) &&
    (m.regions === undefined || isTextOrNull(m.regions)) &&
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
    isRecord(m.data) &&
    (m.vehicles === undefined || areVehicleNames(m.vehicles)),
  presence: (m) =>
    isText(m.channel) && typeof m.whole === 'boolean' && isNumber(m.time) && isListOf(m.people, isPerson),
  ops: (m) => isText(m.channel) && isNumber(m.time) && isListOf(m.processes, isProcessReport),
  regions: (m) => isTextOrNull(m.mark),
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

function isPerson(value: unknown): boolean {
  return (
    isRecord(value) &&
    isText(value.who) &&
    isText(value.role) &&
    isText(value.name) &&
    isTextOrNull(value.vehicle) &&
    isNumber(value.connections) &&
    isListOf(value.transports, isText) &&
    isNumberOrNull(value.since) &&
    isNumberOrNull(value.last_seen)
  );
}

export function areVehicleNames(value: unknown): value is VehicleNames {
  return isRecord(value) && Object.values(value).every(isInfo);
}

function isInfo(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { slug, name, plate, kind, colour, driver = '', off_duty_since: since } = value;
  return [slug, name, plate, kind, colour, driver].every(isText) && (since === undefined || isNumber(since));
}
