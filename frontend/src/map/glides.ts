/**
 * Where every vehicle is drawn at any moment: one straight glide per slot, in typed arrays.
 *
 * The page keeps one to answer clicks and to follow; the painter keeps a mirror, fed with rows.
 */
import { grown } from './typed.ts';

/** Numbers in a row: slot, from x, from y, to x, to y, start, end (ms since 1970), sprite. */
export const ROW_LENGTH = 8;
/** The sprite of a slot that is not drawn. */
export const HIDDEN = -1;

export interface Glide {
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  startMs: number;
  endMs: number;
}

export class Glides {
  fromX = new Float64Array(0);
  fromY = new Float64Array(0);
  toX = new Float64Array(0);
  toY = new Float64Array(0);
  startMs = new Float64Array(0);
  endMs = new Float64Array(0);
  sprite = new Int16Array(0);
  /** Slots in use lie below this. */
  length = 0;

  set(slot: number, glide: Glide, sprite: number): void {
    this.reserve(slot + 1);
    this.fromX[slot] = glide.fromX;
    this.fromY[slot] = glide.fromY;
    this.toX[slot] = glide.toX;
    this.toY[slot] = glide.toY;
    this.startMs[slot] = glide.startMs;
    this.endMs[slot] = glide.endMs;
    this.sprite[slot] = sprite;
  }

  /** Share of the glide that lies behind at `nowMs`, 0 to 1: a vehicle waits at its newest fix. */
  progress(slot: number, nowMs: number): number {
    const start = this.startMs[slot] as number;
    const span = (this.endMs[slot] as number) - start;
    return span > 0 ? Math.min(1, Math.max(0, (nowMs - start) / span)) : 1;
  }

  xAt(slot: number, nowMs: number): number {
    const from = this.fromX[slot] as number;
    return from + ((this.toX[slot] as number) - from) * this.progress(slot, nowMs);
  }

  yAt(slot: number, nowMs: number): number {
    const from = this.fromY[slot] as number;
    return from + ((this.toY[slot] as number) - from) * this.progress(slot, nowMs);
  }

  isDrawn(slot: number): boolean {
    return slot < this.length && (this.sprite[slot] as number) !== HIDDEN;
  }

  clear(): void {
    this.sprite.fill(HIDDEN);
    this.length = 0;
  }

  writeRow(rows: Float64Array, offset: number, slot: number): void {
    rows[offset] = slot;
    rows[offset + 1] = this.fromX[slot] as number;
    rows[offset + 2] = this.fromY[slot] as number;
    rows[offset + 3] = this.toX[slot] as number;
    rows[offset + 4] = this.toY[slot] as number;
    rows[offset + 5] = this.startMs[slot] as number;
    rows[offset + 6] = this.endMs[slot] as number;
    rows[offset + 7] = this.sprite[slot] as number;
  }

  readRow(rows: Float64Array, offset: number): void {
    const slot = rows[offset] as number;
    this.reserve(slot + 1);
    this.fromX[slot] = rows[offset + 1] as number;
    this.fromY[slot] = rows[offset + 2] as number;
    this.toX[slot] = rows[offset + 3] as number;
    this.toY[slot] = rows[offset + 4] as number;
    this.startMs[slot] = rows[offset + 5] as number;
    this.endMs[slot] = rows[offset + 6] as number;
    this.sprite[slot] = rows[offset + 7] as number;
  }

  private reserve(length: number): void {
    if (length > this.sprite.length) this.grow(Math.max(length, 256, this.sprite.length * 2));
    if (length > this.length) this.length = length;
  }

  private grow(capacity: number): void {
    const used = this.sprite.length;
    this.fromX = grown(this.fromX, capacity);
    this.fromY = grown(this.fromY, capacity);
    this.toX = grown(this.toX, capacity);
    this.toY = grown(this.toY, capacity);
    this.startMs = grown(this.startMs, capacity);
    this.endMs = grown(this.endMs, capacity);
    this.sprite = grown(this.sprite, capacity).fill(HIDDEN, used);
  }
}
