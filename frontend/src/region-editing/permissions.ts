/** What somebody may do with regions, or with rules. */
import type { RegionPermissions } from '../panels/region-list.ts';

/** Of attributes that are there or not. */
export function permissions(add?: string, change?: string, remove?: string): RegionPermissions {
  return { add: add !== undefined, change: change !== undefined, delete: remove !== undefined };
}
