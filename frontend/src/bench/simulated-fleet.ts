/** A fleet that drives about in a box, and the protocol's rows it gives: every vehicle once a second, in four deltas. Pure. */
import type { Delta, Row, Snapshot, VehicleNames } from '../protocol.ts';

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Of all vehicles, the share that one delta names. */
export const DELTAS_PER_ROUND = 4;
export const DELTA_MS = 250;
const ROWS_PER_PART = 2_000;
const CHANNEL = 'region:all';
const METRES_PER_DEGREE = 111_320;
const LARGEST_TURN_DEG = 15;
/** Mostly driving, as at noon: 1 moving, 2 idle, 3 stopped, 4 alarm. */
const STATUSES = [1, 1, 1, 1, 1, 1, 1, 1, 2, 3];
const ALARM_EVERY = 250;

interface Simulated {
  id: number;
  lat: number;
  lon: number;
  courseDeg: number;
  speedMps: number;
  status: number;
}

export class SimulatedFleet {
  private readonly vehicles: Simulated[];
  private seq = 0;
  private turn = 0;

  /** `chance` gives numbers in [0, 1). */
  constructor(
    count: number,
    private readonly box: Box,
    private readonly chance: () => number,
  ) {
    this.vehicles = Array.from({ length: count }, (_, i) => this.make(i));
  }

  /** In parts, as the server sends it. */
  snapshot(nowMs: number): (Snapshot & { fields: readonly string[] })[] {
    const parts = Math.ceil(this.vehicles.length / ROWS_PER_PART);
    return Array.from({ length: parts }, (_, part) => {
      const own = this.vehicles.slice(part * ROWS_PER_PART, (part + 1) * ROWS_PER_PART);
      return {
        type: 'snapshot',
        seq: ++this.seq,
        channel: CHANNEL,
        cursor: `c${this.seq}`,
        fields: ['vehicle', 'fix_time', 'lat', 'lon', 'speed_mps', 'course_deg', 'status'],
        rows: own.map((vehicle) => rowOf(vehicle, nowMs)),
        vehicles: namesOf(own),
        part: part + 1,
        parts,
      };
    });
  }

  /** The next quarter of the fleet, a second after its last fix. */
  delta(nowMs: number): Delta {
    const from = Math.floor((this.vehicles.length * this.turn) / DELTAS_PER_ROUND);
    const to = Math.floor((this.vehicles.length * (this.turn + 1)) / DELTAS_PER_ROUND);
    this.turn = (this.turn + 1) % DELTAS_PER_ROUND;
    const own = this.vehicles.slice(from, to);
    for (const vehicle of own) this.drive(vehicle);
    const prev = this.seq;
    const seq = ++this.seq;
    const rows = own.map((vehicle) => rowOf(vehicle, nowMs));
    return { type: 'delta', seq, prev, channel: CHANNEL, cursor: `c${seq}`, rows, gone: [], vehicles: {} };
  }

  private make(index: number): Simulated {
    const { west, south, east, north } = this.box;
    const status = index % ALARM_EVERY === 0 ? 4 : (STATUSES[index % STATUSES.length] as number);
    return {
      id: index + 1,
      lat: south + this.chance() * (north - south),
      lon: west + this.chance() * (east - west),
      courseDeg: this.chance() * 360,
      speedMps: status === 1 ? 3 + this.chance() * 27 : 0,
      status,
    };
  }

  private drive(vehicle: Simulated): void {
    if (vehicle.speedMps === 0) return;
    const { west, south, east, north } = this.box;
    const turn = (this.chance() * 2 - 1) * LARGEST_TURN_DEG;
    vehicle.courseDeg = (vehicle.courseDeg + turn + 360) % 360;
    const course = (vehicle.courseDeg * Math.PI) / 180;
    const lonScale = Math.cos((vehicle.lat * Math.PI) / 180);
    vehicle.lat += (vehicle.speedMps * Math.cos(course)) / METRES_PER_DEGREE;
    vehicle.lon += (vehicle.speedMps * Math.sin(course)) / (METRES_PER_DEGREE * lonScale);
    if (vehicle.lat < south || vehicle.lat > north) vehicle.courseDeg = (540 - vehicle.courseDeg) % 360;
    if (vehicle.lon < west || vehicle.lon > east) vehicle.courseDeg = (360 - vehicle.courseDeg) % 360;
    vehicle.lat = Math.min(north, Math.max(south, vehicle.lat));
    vehicle.lon = Math.min(east, Math.max(west, vehicle.lon));
  }
}

function rowOf({ id, lat, lon, speedMps, courseDeg, status }: Simulated, nowMs: number): Row {
  const course = status === 1 ? Math.round(courseDeg) : null;
  return [id, nowMs, rounded(lat, 1e6), rounded(lon, 1e6), rounded(speedMps, 10), course, status];
}

function namesOf(vehicles: readonly Simulated[]): VehicleNames {
  return Object.fromEntries(
    vehicles.map(({ id }) => [
      String(id),
      { slug: `bench-${id}`, name: `Bench ${id}`, plate: `BEN ${id}`, kind: 'van', colour: '#2563eb' },
    ]),
  );
}

function rounded(value: number, factor: number): number {
  return Math.round(value * factor) / factor;
}
