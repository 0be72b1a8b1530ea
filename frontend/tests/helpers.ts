/** Small makers: a test names only what it is about. */
import type { Counters, ProcessReport } from '../src/ops/report.ts';
import type {
  Delta,
  FleetEvent,
  Person,
  Presence,
  Row,
  Snapshot,
  VehicleInfo,
  Welcome,
} from '../src/protocol.ts';

export const CHANNEL = 'region:haga';

export function makeRow(
  vehicle: number,
  fixTime: number,
  more: { lat?: number; course?: number | null; status?: number | null } = {},
): Row {
  const { lat = 57.7, course = 90, status = 1 } = more;
  return [vehicle, fixTime, lat, 11.97, 8, course, status];
}

export function makeInfo(id: number, more: Partial<VehicleInfo> = {}): VehicleInfo {
  return { slug: `bus-${id}`, name: `Bus ${id}`, plate: `ABC ${id}`, kind: 'bus', colour: '#000', ...more };
}

export function makeNames(rows: readonly Row[]): Record<string, VehicleInfo> {
  return Object.fromEntries(rows.map(([id]) => [String(id), makeInfo(id)]));
}

export function makeSnapshot(more: Partial<Snapshot> = {}): Snapshot {
  const rows = more.rows ?? [];
  const vehicles = makeNames(rows);
  return {
    type: 'snapshot',
    seq: 1,
    channel: CHANNEL,
    cursor: 'c1',
    rows,
    vehicles,
    part: 1,
    parts: 1,
    ...more,
  };
}

export function makeDelta(more: Partial<Delta> = {}): Delta {
  const rows = more.rows ?? [];
  const vehicles = makeNames(rows);
  return {
    type: 'delta',
    seq: 2,
    prev: 1,
    channel: CHANNEL,
    cursor: 'c2',
    rows,
    gone: [],
    vehicles,
    ...more,
  };
}

export function makeEvent(more: Partial<FleetEvent> = {}): FleetEvent {
  return {
    type: 'event',
    seq: 3,
    channel: CHANNEL,
    event_id: 5,
    kind: 'enter',
    vehicle: 1,
    region: 2,
    time: 1000,
    data: {},
    ...more,
  };
}

export function makePerson(more: Partial<Person> = {}): Person {
  return {
    who: 'device:1',
    role: 'driver',
    name: 'phone',
    vehicle: 'bus-1',
    connections: 1,
    transports: ['websocket'],
    since: 1000,
    last_seen: null,
    ...more,
  };
}

export function makePresence(people: readonly Partial<Person>[], more: Partial<Presence> = {}): Presence {
  const whole = people.map(makePerson);
  return { type: 'presence', channel: 'vehicle:bus-1', whole: true, time: 1000, people: whole, ...more };
}

export function makeReport(uptime_s: number, counters: Partial<Counters> = {}): ProcessReport {
  return {
    process: 'a1',
    pid: 1,
    host: 'here',
    server: 'daphne',
    uptime_s,
    is_draining: false,
    is_bus_stale: false,
    under_way: {},
    connections: [],
    counters: {
      messages_in: 0,
      frames_out: 0,
      bytes_out: 0,
      fixes_stored: 0,
      fixes_duplicate: 0,
      fixes_refused: {},
      commits: { count: 0, total_s: 0 },
      ticks: { count: 0, total_s: 0 },
      conflated: 0,
      resumes: {},
      gaps: {},
      closes: {},
      ...counters,
    },
  };
}

export function makeWelcome(more: Partial<Welcome> = {}): Welcome {
  return {
    type: 'welcome',
    connection: 'x',
    heartbeat_s: 20,
    tick_ms: 250,
    server_time: 0,
    expires_in_s: null,
    limits: { channels: 32 },
    stale_after_s: 120,
    offline_after_s: 3600,
    ...more,
  };
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function makeChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
