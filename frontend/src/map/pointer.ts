/** What a pointer on the map means: a vehicle, a cluster, a pile, or nothing. */
import { type LatLng, LatLngBounds, type Map as LeafletMap, type LeafletMouseEvent } from 'leaflet';
import { clockMs } from './clock.ts';
import { type Crowd, type CrowdCluster, clusterAt } from './crowd.ts';
import type { FleetState } from './fleet-state.ts';
import { nearestSlot, slotsAround } from './hit-test.ts';
import { latOf, lonOf, type UnitPoint, unitX, unitY, worldPx } from './projection.ts';
import type { FleetMapOptions } from './types.ts';

/** A finger or a hurried mouse may miss a vehicle by this much. */
const PICK_RADIUS_PX = 14;
/** Vehicles that are no further apart than this on the closest map cannot be told apart by zooming. */
const PILE_PX = 16;
const ZOOM_PADDING_PX: [number, number] = [64, 64];

export interface PointerOptions {
  map: LeafletMap;
  state: FleetState;
  crowd(): Crowd | null;
  events: Pick<FleetMapOptions, 'onPick' | 'onPile' | 'onHover' | 'onUserMove'>;
  /** While something else takes the clicks. */
  isBusy(): boolean;
}

export class Pointer {
  private hovered: number | null = null;

  constructor(private readonly options: PointerOptions) {
    const { map } = options;
    map.on('click', (event: LeafletMouseEvent) => this.click(event));
    map.on('contextmenu', (event: LeafletMouseEvent) => this.list(event));
    map.on('mousemove', ({ latlng }: LeafletMouseEvent) => this.hover(unitPointOf(latlng)));
    map.on('mouseout', () => this.tellHover(null));
  }

  private click({ latlng, containerPoint, originalEvent }: LeafletMouseEvent): void {
    const { events, isBusy, state } = this.options;
    if (isBusy()) return;
    const point = unitPointOf(latlng);
    const slot = this.slotAt(point);
    const cluster = slot === null ? clusterAt(this.options.crowd(), point) : null;
    if (cluster !== null) this.open(cluster, containerPoint);
    else if (slot === null) events.onPick(null, { isMore: false });
    else {
      const pile = this.pileAround(slot);
      const isMore = originalEvent.ctrlKey || originalEvent.metaKey || originalEvent.shiftKey;
      if (pile.length > 1 && !isMore) events.onPile(pile, containerPoint);
      else events.onPick(state.idOf(slot), { isMore });
    }
  }

  /** Of a cluster its vehicles, without a zoom. */
  private list({ latlng, containerPoint, originalEvent }: LeafletMouseEvent): void {
    const { events, isBusy, state } = this.options;
    const crowd = this.options.crowd();
    const cluster = isBusy() ? null : clusterAt(crowd, unitPointOf(latlng));
    if (cluster === null || crowd === null) return;
    originalEvent.preventDefault();
    const members = slotsAround(state.glides, { ...this.boxOf(cluster), nowMs: clockMs() });
    events.onPile(this.idsOf(members.filter((slot) => crowd.absorbed[slot] === 1)), containerPoint);
  }

  private hover(point: UnitPoint): void {
    const { map, isBusy, crowd, state } = this.options;
    const slot = isBusy() ? null : this.slotAt(point);
    const isOver = slot !== null || (!isBusy() && clusterAt(crowd(), point) !== null);
    map.getContainer().classList.toggle('is-over-vehicle', isOver);
    this.tellHover(slot === null ? null : state.idOf(slot));
  }

  private tellHover(id: number | null): void {
    if (id === this.hovered) return;
    this.hovered = id;
    this.options.events.onHover(id);
  }

  private slotAt(point: UnitPoint): number | null {
    const { map, state, crowd } = this.options;
    const radius = PICK_RADIUS_PX / worldPx(map.getZoom());
    return nearestSlot(state.glides, { point, radius, nowMs: clockMs(), absorbed: crowd()?.absorbed });
  }

  /** Zooms until its members part; those that never will are a pile. */
  private open(cluster: CrowdCluster, at: { x: number; y: number }): void {
    const { west, north, east, south } = cluster;
    const { map, state, events } = this.options;
    const middle = { x: (west + east) / 2, y: (north + south) / 2 };
    const pilePx = Math.max(east - west, south - north) * worldPx(map.getMaxZoom());
    if (pilePx <= PILE_PX) {
      events.onPile(this.idsOf(slotsAround(state.glides, { ...this.boxOf(cluster), nowMs: clockMs() })), at);
      return;
    }
    events.onUserMove();
    const bounds = new LatLngBounds([latOf(south), lonOf(west)], [latOf(north), lonOf(east)]);
    const fitting = map.getBoundsZoom(bounds, false, map.getSize().subtract(ZOOM_PADDING_PX));
    const zoom = Math.min(map.getMaxZoom(), Math.max(map.getZoom() + 1, fitting));
    map.setView([latOf(middle.y), lonOf(middle.x)], zoom);
  }

  private boxOf({ west, north, east, south }: CrowdCluster): {
    point: UnitPoint;
    halfWidth: number;
    halfHeight: number;
  } {
    const more = onePx(this.options.map);
    const point = { x: (west + east) / 2, y: (north + south) / 2 };
    return { point, halfWidth: (east - west) / 2 + more, halfHeight: (south - north) / 2 + more };
  }

  private pileAround(slot: number): number[] {
    const { map, state } = this.options;
    const nowMs = clockMs();
    const half = PILE_PX / 2 / worldPx(map.getMaxZoom());
    const point = { x: state.glides.xAt(slot, nowMs), y: state.glides.yAt(slot, nowMs) };
    return this.idsOf(slotsAround(state.glides, { point, halfWidth: half, halfHeight: half, nowMs }));
  }

  private idsOf(slots: readonly number[]): number[] {
    return slots.map((slot) => this.options.state.idOf(slot));
  }
}

function onePx(map: LeafletMap): number {
  return 1 / worldPx(map.getZoom());
}

function unitPointOf({ lat, lng }: LatLng): UnitPoint {
  return { x: unitX(lng), y: unitY(lat) };
}
