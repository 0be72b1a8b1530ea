/** The clusters of a picture as the page knows them, to answer a pointer: where they are, and who is in them. Pure. */
import { radiusOf } from './cluster-grid.ts';
import type { PictureView } from './picture-view.ts';
import { nearestCopy, type UnitPoint } from './projection.ts';
import type { Scene } from './scene.ts';

export interface CrowdCluster {
  /** All in units of the world. */
  x: number;
  y: number;
  radius: number;
  /** Where its members are. */
  west: number;
  north: number;
  east: number;
  south: number;
}

export interface Crowd {
  clusters: readonly CrowdCluster[];
  /** By slot: 1 when a cluster stands for the vehicle. */
  absorbed: Uint8Array<ArrayBuffer>;
}

/** Null without a cluster. */
export function crowdOf({ clusters, absorbed }: Scene, view: PictureView): Crowd | null {
  if (clusters.length === 0) return null;
  const { left, top, world, scale } = view;
  return {
    absorbed: absorbed.slice(),
    clusters: clusters.map((cluster) => ({
      x: (cluster.x + left) / world,
      y: (cluster.y + top) / world,
      radius: (radiusOf(cluster.count) * scale) / world,
      west: (cluster.left + left) / world,
      north: (cluster.top + top) / world,
      east: (cluster.right + left) / world,
      south: (cluster.bottom + top) / world,
    })),
  };
}

export function clusterAt(crowd: Crowd | null, { x, y }: UnitPoint): CrowdCluster | null {
  return (
    crowd?.clusters.find(
      (cluster) => Math.hypot(nearestCopy(cluster.x, x) - x, cluster.y - y) <= cluster.radius,
    ) ?? null
  );
}
