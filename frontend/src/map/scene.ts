/** What a picture shows: which vehicles, where, in which layer, and which of them as clusters. Pure. */
import { CLUSTERS_BELOW_ZOOM, type Cluster, ClusterGrid } from './cluster-grid.ts';
import { DrawList } from './draw-list.ts';
import { type Glides, HIDDEN } from './glides.ts';
import { middleOf, type PictureView } from './picture-view.ts';
import { nearestCopy } from './projection.ts';
import { isAlarm, LAYER_COUNT, layerOf, SPRITE_COUNT, statusOf } from './sprite-sheet.ts';

/** Sprites with their centre this far outside can still show, in CSS pixels. */
const REACH_PX = 32;
/** What moves elsewhere is worth the longest wait only: it may drive in. */
export const OUT_OF_VIEW_SPEED = Number.MIN_VALUE;
const LAYER_BY_SPRITE = Uint8Array.from({ length: SPRITE_COUNT }, (_, sprite) => layerOf(sprite));
const ALWAYS_DRAWN = Uint8Array.from({ length: SPRITE_COUNT }, (_, sprite) => Number(isAlarm(sprite)));

export interface Moment {
  view: PictureView;
  nowMs: number;
  /** Slots that no cluster may hide. */
  marked: ReadonlySet<number>;
}

export class Scene {
  /** Later ones hide earlier ones. */
  readonly layers = Array.from({ length: LAYER_COUNT }, () => new DrawList());
  clusters: readonly Cluster[] = [];
  /** By slot: 1 when a cluster stands for it. */
  absorbed: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** The fastest speed still to come, in px per ms; 0 when nothing moves. */
  fastest = 0;
  private readonly near = new DrawList();
  private readonly grid = new ClusterGrid();

  constructor(private readonly glides: Glides) {}

  collect(moment: Moment): void {
    this.fastest = 0;
    for (const layer of this.layers) layer.count = 0;
    this.absorbed = new Uint8Array(this.glides.length);
    this.findNear(moment);
    this.cluster(moment);
    this.sort(moment);
  }

  /** How many vehicles are drawn one by one. */
  get drawn(): number {
    return this.layers.reduce((sum, layer) => sum + layer.count, 0);
  }

  isAbsorbed(slot: number): boolean {
    return this.absorbed[slot] === 1;
  }

  speedPxPerMs(slot: number, { world }: PictureView): number {
    const { glides } = this;
    const spanMs = (glides.endMs[slot] as number) - (glides.startMs[slot] as number);
    if (spanMs <= 0) return 0;
    const dx = (glides.toX[slot] as number) - (glides.fromX[slot] as number);
    const dy = (glides.toY[slot] as number) - (glides.fromY[slot] as number);
    return (Math.hypot(dx, dy) * world) / spanMs;
  }

  /** Everything that is drawn or counts in a cell that is. */
  private findNear({ view, nowMs }: Moment): void {
    const { glides, near, grid } = this;
    const centre = middleOf(view).x;
    near.count = 0;
    grid.begin(view, REACH_PX * view.scale);
    for (let slot = 0; slot < glides.length; slot++) {
      const sprite = glides.sprite[slot] as number;
      if (sprite === HIDDEN) continue;
      const x = Math.round(nearestCopy(glides.xAt(slot, nowMs), centre) * view.world) - view.left;
      const y = Math.round(glides.yAt(slot, nowMs) * view.world) - view.top;
      if (nowMs < (glides.endMs[slot] as number)) this.note(OUT_OF_VIEW_SPEED);
      if (grid.cellAt(x, y) >= 0) near.push(slot, x, y, sprite);
    }
  }

  private cluster({ view, nowMs, marked }: Moment): void {
    const { near, grid } = this;
    this.clusters = [];
    if (view.zoom >= CLUSTERS_BELOW_ZOOM) return;
    const mayHide = (i: number) =>
      ALWAYS_DRAWN[near.sprite[i] as number] === 0 && !marked.has(near.slot[i] as number);
    for (let i = 0; i < near.count; i++)
      if (mayHide(i)) grid.count(grid.cellAt(near.x[i] as number, near.y[i] as number));
    grid.decide();
    for (let i = 0; i < near.count; i++) {
      const x = near.x[i] as number;
      const y = near.y[i] as number;
      const cell = grid.cellAt(x, y);
      if (!grid.gathers(cell) || !mayHide(i)) continue;
      const slot = near.slot[i] as number;
      const speed = this.speedAt(slot, view, nowMs);
      grid.gather(cell, { x, y, status: statusOf(near.sprite[i] as number), speed });
      this.absorbed[slot] = 1;
    }
    this.clusters = grid.finish();
    for (const { speed } of this.clusters) this.note(speed);
  }

  private sort({ view, nowMs }: Moment): void {
    const { near, layers } = this;
    const reach = REACH_PX * view.scale;
    for (let i = 0; i < near.count; i++) {
      const slot = near.slot[i] as number;
      if (this.absorbed[slot] === 1) continue;
      const x = near.x[i] as number;
      const y = near.y[i] as number;
      if (x < -reach || y < -reach || x > view.width + reach || y > view.height + reach) continue;
      const sprite = near.sprite[i] as number;
      layers[LAYER_BY_SPRITE[sprite] as number]?.push(slot, x, y, sprite);
      this.note(this.speedAt(slot, view, nowMs));
    }
  }

  private speedAt(slot: number, view: PictureView, nowMs: number): number {
    return nowMs < (this.glides.endMs[slot] as number) ? this.speedPxPerMs(slot, view) : 0;
  }

  private note(speed: number): void {
    if (speed > this.fastest) this.fastest = speed;
  }
}

/** Whether a place, in units, can show in the picture. */
export function isNear(view: PictureView, x: number, y: number): boolean {
  const reach = REACH_PX * view.scale;
  const px = nearestCopy(x, middleOf(view).x) * view.world - view.left;
  const py = y * view.world - view.top;
  return px >= -reach && py >= -reach && px <= view.width + reach && py <= view.height + reach;
}
