/** The map's own memory of the fleet: takes updates, decides the glides, answers where a vehicle is drawn. */
import { isJump, smoothedIntervalMs } from './glide-rules.ts';
import { type Glide, Glides, HIDDEN, ROW_LENGTH } from './glides.ts';
import { nearestCopy, type UnitPoint, unitX, unitY } from './projection.ts';
import { SlotTable } from './slot-table.ts';
import { spriteFor } from './sprite-sheet.ts';
import { grown } from './typed.ts';
import type { DrawStatus, VehicleUpdate } from './types.ts';

type Visible = ((id: number) => boolean) | null;

export class FleetState {
  readonly glides = new Glides();
  private readonly slots = new SlotTable();
  private visible: Visible = null;
  private ids = new Float64Array(0);
  private fixTimeMs = new Float64Array(0);
  private updatedMs = new Float64Array(0);
  private intervalMs = new Float64Array(0);
  /** NaN: no heading known. */
  private headingDeg = new Float32Array(0);
  private status = new Uint8Array(0);

  /** Rows for the painter, one for each update; `nowMs` since 1970. */
  apply(batch: readonly VehicleUpdate[], nowMs: number): Float64Array<ArrayBuffer> {
    return this.rowsOf(batch.map((update) => this.upsert(update, nowMs)));
  }

  /** As `apply`, but nothing glides, and an older fix is as good as a newer one. */
  put(batch: readonly VehicleUpdate[], nowMs: number): Float64Array<ArrayBuffer> {
    const slots = batch.map((update) => {
      const slot = this.slotFor(update.id);
      this.place(slot, update, nowMs);
      return this.dress(slot, update.status);
    });
    return this.rowsOf(slots);
  }

  restyle(id: number, status: DrawStatus): Float64Array<ArrayBuffer> {
    const slot = this.slots.find(id);
    if (slot === undefined) return new Float64Array(0);
    this.status[slot] = status;
    this.glides.sprite[slot] = this.spriteOf(slot);
    return this.rowsOf([slot]);
  }

  remove(ids: readonly number[]): Float64Array<ArrayBuffer> {
    const freed = ids.map((id) => this.slots.release(id)).filter((slot) => slot !== undefined);
    for (const slot of freed) this.glides.sprite[slot] = HIDDEN;
    return this.rowsOf(freed);
  }

  clear(): void {
    this.slots.clear();
    this.glides.clear();
  }

  filter(visible: Visible): Float64Array<ArrayBuffer> {
    this.visible = visible;
    const changed: number[] = [];
    for (const [, slot] of this.slots.entries()) {
      const sprite = this.spriteOf(slot);
      if (sprite === (this.glides.sprite[slot] as number)) continue;
      this.glides.sprite[slot] = sprite;
      changed.push(slot);
    }
    return this.rowsOf(changed);
  }

  /** Rows that bring an empty painter up to date. */
  everything(): Float64Array<ArrayBuffer> {
    return this.rowsOf([...this.slots.entries()].map(([, slot]) => slot));
  }

  slotOf(id: number | null): number | null {
    return id === null ? null : (this.slots.find(id) ?? null);
  }

  idOf(slot: number): number {
    return this.ids[slot] as number;
  }

  /** Where the vehicle is drawn at `nowMs`, or null when it is unknown. */
  positionAt(id: number, nowMs: number): UnitPoint | null {
    const slot = this.slots.find(id);
    if (slot === undefined) return null;
    return { x: this.glides.xAt(slot, nowMs), y: this.glides.yAt(slot, nowMs) };
  }

  private upsert(update: VehicleUpdate, nowMs: number): number {
    const isKnown = this.slots.find(update.id) !== undefined;
    const slot = this.slotFor(update.id);
    if (!isKnown) this.place(slot, update, nowMs);
    else if (update.fixTimeMs > (this.fixTimeMs[slot] as number)) this.move(slot, update, nowMs);
    return this.dress(slot, update.status);
  }

  private slotFor(id: number): number {
    const slot = this.slots.take(id);
    this.reserve(slot + 1);
    return slot;
  }

  private dress(slot: number, status: DrawStatus): number {
    this.status[slot] = status;
    this.glides.sprite[slot] = this.spriteOf(slot);
    return slot;
  }

  private place(slot: number, update: VehicleUpdate, nowMs: number): void {
    const to = { x: unitX(update.lon), y: unitY(update.lat) };
    this.ids[slot] = update.id;
    this.intervalMs[slot] = 0;
    this.glides.set(slot, glide(to, to, nowMs, 0), HIDDEN);
    this.note(slot, update, nowMs);
  }

  private move(slot: number, update: VehicleUpdate, nowMs: number): void {
    const from = { x: this.glides.xAt(slot, nowMs), y: this.glides.yAt(slot, nowMs) };
    const to = { x: nearestCopy(unitX(update.lon), from.x), y: unitY(update.lat) };
    const fixGapMs = update.fixTimeMs - (this.fixTimeMs[slot] as number);
    if (isJump({ from, to, fixGapMs })) {
      this.glides.set(slot, glide(to, to, nowMs, 0), this.glides.sprite[slot] as number);
      this.intervalMs[slot] = 0;
    } else {
      const interval = smoothedIntervalMs(
        this.intervalMs[slot] as number,
        nowMs - (this.updatedMs[slot] as number),
      );
      this.glides.set(slot, glide(from, to, nowMs, interval), this.glides.sprite[slot] as number);
      this.intervalMs[slot] = interval;
    }
    this.note(slot, update, nowMs);
  }

  private note(slot: number, update: VehicleUpdate, nowMs: number): void {
    this.fixTimeMs[slot] = update.fixTimeMs;
    this.updatedMs[slot] = nowMs;
    this.headingDeg[slot] = update.headingDeg ?? Number.NaN;
  }

  private spriteOf(slot: number): number {
    if (this.visible !== null && !this.visible(this.ids[slot] as number)) return HIDDEN;
    const heading = this.headingDeg[slot] as number;
    return spriteFor(this.status[slot] as number as DrawStatus, Number.isNaN(heading) ? null : heading);
  }

  private rowsOf(slots: readonly number[]): Float64Array<ArrayBuffer> {
    const rows = new Float64Array(slots.length * ROW_LENGTH);
    slots.forEach((slot, i) => {
      this.glides.writeRow(rows, i * ROW_LENGTH, slot);
    });
    return rows;
  }

  private reserve(length: number): void {
    if (length <= this.ids.length) return;
    const capacity = Math.max(256, this.ids.length * 2);
    this.ids = grown(this.ids, capacity);
    this.fixTimeMs = grown(this.fixTimeMs, capacity);
    this.updatedMs = grown(this.updatedMs, capacity);
    this.intervalMs = grown(this.intervalMs, capacity);
    this.headingDeg = grown(this.headingDeg, capacity);
    this.status = grown(this.status, capacity);
  }
}

/** The slots that rows are about. */
export function slotsOf(rows: Float64Array): number[] {
  return Array.from({ length: rows.length / ROW_LENGTH }, (_, i) => rows[i * ROW_LENGTH] as number);
}

function glide(from: UnitPoint, to: UnitPoint, startMs: number, durationMs: number): Glide {
  return { fromX: from.x, fromY: from.y, toX: to.x, toY: to.y, startMs, endMs: startMs + durationMs };
}
