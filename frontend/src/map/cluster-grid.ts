/**
 * Gathers vehicles that would cover each other, cell by cell of a grid that lies still in the world.
 *
 * First everything is counted into its cell, then full cells gather. A cell that gathers goes on until it is clearly emptier, so
 * that a vehicle at its border does not make it flicker. Pure.
 */
import { ATTENTION } from '../status.ts';
import type { PictureView } from './picture-view.ts';
import type { DrawStatus } from './types.ts';

/** Side of a cell, CSS pixels: the largest disc has room in it. */
export const CELL_PX = 64;
/** So many small sprites cover a third of a cell. */
export const GATHER_FROM = 8;
export const PART_BELOW = 5;
/** As close as the map goes, every vehicle is drawn; those that still lie on each other are a pile. */
export const CLUSTERS_BELOW_ZOOM = 19;
/** More than rows and columns of any zoom. */
const COLUMNS_OF_WORLD = 2 ** 26;
const RANK = Uint8Array.from([0, 1, 2, 3, 4, 5, 6], (status) => ATTENTION.indexOf(status as DrawStatus));

export interface Member {
  /** In pixels of the picture. */
  x: number;
  y: number;
  status: DrawStatus;
  /** Pixels per ms. */
  speed: number;
}

export interface Cluster {
  /** Centre of its disc, in pixels of the picture: near the middle of its members, and never outside of its cell. */
  x: number;
  y: number;
  count: number;
  /** What asks most for attention. */
  status: DrawStatus;
  /** Where its members are. */
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** The middle of its members is no faster than this, pixels per ms. */
  speed: number;
}

type GridView = Pick<PictureView, 'zoom' | 'scale' | 'left' | 'top'>;

export class ClusterGrid {
  private side = 0;
  private firstColumn = 0;
  private firstRow = 0;
  private columns = 0;
  private view: GridView = { zoom: -1, scale: 1, left: 0, top: 0 };
  private counts = new Uint32Array(0);
  private clusters: (Cluster | undefined)[] = [];
  /** Cells of the world that gathered last time, at this zoom. */
  private gathering = new Set<number>();

  /** Begins a picture; cells reach `reachPx` beyond it, so that those at its edges count whole. */
  begin(view: PictureView, reachPx: number): void {
    const side = Math.round(CELL_PX * view.scale);
    if (this.view.zoom !== view.zoom || side !== this.side) this.gathering.clear();
    this.view = view;
    this.side = side;
    this.firstColumn = Math.floor((view.left - reachPx) / side);
    this.firstRow = Math.floor((view.top - reachPx) / side);
    this.columns = Math.floor((view.left + view.width + reachPx) / side) - this.firstColumn + 1;
    const rows = Math.floor((view.top + view.height + reachPx) / side) - this.firstRow + 1;
    this.counts = new Uint32Array(this.columns * rows);
    this.clusters = new Array<Cluster | undefined>(this.columns * rows);
  }

  /** The cell at a place of the picture, -1 outside of the grid. */
  cellAt(x: number, y: number): number {
    const column = Math.floor((x + this.view.left) / this.side) - this.firstColumn;
    const row = Math.floor((y + this.view.top) / this.side) - this.firstRow;
    if (column < 0 || column >= this.columns) return -1;
    const cell = row * this.columns + column;
    return cell >= 0 && cell < this.counts.length ? cell : -1;
  }

  count(cell: number): void {
    this.counts[cell] = (this.counts[cell] as number) + 1;
  }

  /** Once all are counted. */
  decide(): void {
    const gathering = new Set<number>();
    for (let cell = 0; cell < this.counts.length; cell++) {
      const count = this.counts[cell] as number;
      if (count < PART_BELOW) continue;
      const key = this.keyOf(cell);
      if (count < GATHER_FROM && !this.gathering.has(key)) continue;
      gathering.add(key);
      this.clusters[cell] = emptyCluster();
    }
    this.gathering = gathering;
  }

  gathers(cell: number): boolean {
    return this.clusters[cell] !== undefined;
  }

  gather(cell: number, { x, y, status, speed }: Member): void {
    const cluster = this.clusters[cell];
    if (cluster === undefined) return;
    cluster.x += x;
    cluster.y += y;
    cluster.count++;
    cluster.speed += speed;
    if ((RANK[status] as number) < (RANK[cluster.status] as number)) cluster.status = status;
    if (x < cluster.left) cluster.left = x;
    if (x > cluster.right) cluster.right = x;
    if (y < cluster.top) cluster.top = y;
    if (y > cluster.bottom) cluster.bottom = y;
  }

  /** Once all are gathered. */
  finish(): Cluster[] {
    const found: Cluster[] = [];
    this.clusters.forEach((cluster, cell) => {
      if (cluster !== undefined) found.push(this.placed(cluster, cell));
    });
    return found;
  }

  private placed(cluster: Cluster, cell: number): Cluster {
    const { left, top, scale } = this.view;
    const column = (cell % this.columns) + this.firstColumn;
    const row = Math.floor(cell / this.columns) + this.firstRow;
    const { count } = cluster;
    const inside = (sum: number, edge: number) => {
      const radius = radiusOf(count) * scale;
      return Math.round(Math.min(Math.max(sum / count, edge + radius), edge + this.side - radius));
    };
    return {
      ...cluster,
      x: inside(cluster.x, column * this.side - left),
      y: inside(cluster.y, row * this.side - top),
      speed: cluster.speed / count,
    };
  }

  private keyOf(cell: number): number {
    const row = Math.floor(cell / this.columns) + this.firstRow;
    return row * COLUMNS_OF_WORLD + (cell % this.columns) + this.firstColumn;
  }
}

/** Of a cluster's disc, CSS pixels. */
export function radiusOf(count: number): number {
  if (count < 10) return 13;
  if (count < 100) return 15;
  return count < 1_000 ? 18 : 21;
}

function emptyCluster(): Cluster {
  const far = Number.POSITIVE_INFINITY;
  return { x: 0, y: 0, count: 0, status: 0, speed: 0, left: far, top: far, right: -far, bottom: -far };
}
