import { describe, expect, it } from 'vitest';
import { FleetState } from '../../src/map/fleet-state.ts';
import { Glides, HIDDEN, ROW_LENGTH } from '../../src/map/glides.ts';
import { latOf, lonOf } from '../../src/map/projection.ts';
import { SPRITE, spriteFor } from '../../src/map/sprite-sheet.ts';
import type { VehicleUpdate } from '../../src/map/types.ts';

const START_MS = 1_760_000_000_000;

function makeUpdate(changes: Partial<VehicleUpdate> = {}): VehicleUpdate {
  return {
    id: 5,
    lat: 57.7,
    lon: 11.96,
    headingDeg: 90,
    speedMps: 10,
    status: 1,
    fixTimeMs: START_MS,
    ...changes,
  };
}

function placeOf(state: FleetState, id: number, nowMs: number): { lat: number; lon: number } | null {
  const point = state.positionAt(id, nowMs);
  return point && { lat: latOf(point.y), lon: lonOf(point.x) };
}

/** A vehicle that has reported twice, a second and some 12 m apart. */
function makeMovingFleet(): FleetState {
  const state = new FleetState();
  state.apply([makeUpdate()], START_MS);
  state.apply([makeUpdate({ lon: 11.9602, fixTimeMs: START_MS + 1_000 })], START_MS + 1_000);
  return state;
}

describe('FleetState', () => {
  it('draws a new vehicle at once where its fix is', () => {
    const state = new FleetState();
    state.apply([makeUpdate()], START_MS);
    expect(placeOf(state, 5, START_MS)?.lon).toBeCloseTo(11.96, 9);
    expect(placeOf(state, 6, START_MS)).toBeNull();
  });

  it('puts a vehicle where it was at once, however old the fix', () => {
    const state = makeMovingFleet();
    state.put([makeUpdate({ lon: 11.9, fixTimeMs: START_MS - 60_000, status: 3 })], START_MS + 1_500);
    expect(placeOf(state, 5, START_MS + 1_500)?.lon).toBeCloseTo(11.9, 9);
    state.put([makeUpdate({ lon: 11.95, fixTimeMs: START_MS + 60_000 })], START_MS + 1_600);
    expect(placeOf(state, 5, START_MS + 1_600)?.lon).toBeCloseTo(11.95, 9);
  });

  it('glides to the next fix over the measured interval and waits there', () => {
    const state = makeMovingFleet();
    const lonAt = (ms: number) => placeOf(state, 5, START_MS + ms)?.lon;
    expect(lonAt(1_000)).toBeCloseTo(11.96, 9);
    expect(lonAt(1_500)).toBeCloseTo(11.9601, 9);
    expect(lonAt(2_000)).toBeCloseTo(11.9602, 9);
    expect(lonAt(60_000)).toBeCloseTo(11.9602, 9);
  });

  it('starts the next glide where the vehicle is drawn', () => {
    const state = makeMovingFleet();
    state.apply([makeUpdate({ lon: 11.9604, fixTimeMs: START_MS + 2_000 })], START_MS + 1_500);
    expect(placeOf(state, 5, START_MS + 1_500)?.lon).toBeCloseTo(11.9601, 9);
  });

  it('never moves a vehicle back to an older fix', () => {
    const state = makeMovingFleet();
    state.apply([makeUpdate({ lon: 11.9, fixTimeMs: START_MS + 500, status: 2 })], START_MS + 3_000);
    expect(placeOf(state, 5, START_MS + 4_000)?.lon).toBeCloseTo(11.9602, 9);
    expect(state.glides.sprite[0]).toBe(SPRITE.idle);
  });

  it.each([
    ['too far for any vehicle', makeUpdate({ lat: 57.9, fixTimeMs: START_MS + 2_000 })],
    ['after a long gap', makeUpdate({ lat: 57.71, fixTimeMs: START_MS + 600_000 })],
  ])('jumps: %s', (_, update) => {
    const state = makeMovingFleet();
    state.apply([update], START_MS + 2_000);
    expect(placeOf(state, 5, START_MS + 2_000)?.lat).toBeCloseTo(update.lat, 9);
  });

  it('glides across the date line the short way', () => {
    const state = new FleetState();
    state.apply([makeUpdate({ lat: 0, lon: 179.9999 })], START_MS);
    state.apply([makeUpdate({ lat: 0, lon: -179.9999, fixTimeMs: START_MS + 1_000 })], START_MS + 1_000);
    expect(placeOf(state, 5, START_MS + 1_500)?.lon).toBeCloseTo(180, 6);
  });

  it('hides what the filter refuses, and shows it again', () => {
    const state = makeMovingFleet();
    const hidden = state.filter((id) => id !== 5);
    expect(hidden[7]).toBe(HIDDEN);
    expect(state.apply([makeUpdate({ fixTimeMs: START_MS + 5_000 })], START_MS + 5_000)[7]).toBe(HIDDEN);
    expect(state.filter(null)[7]).toBe(spriteFor(1, 90));
    expect(state.filter(null)).toHaveLength(0);
  });

  it('restyles without moving', () => {
    const state = makeMovingFleet();
    expect(state.restyle(5, 4)[7]).toBe(SPRITE.stale);
    expect(state.restyle(99, 4)).toHaveLength(0);
    expect(placeOf(state, 5, START_MS + 1_500)?.lon).toBeCloseTo(11.9601, 9);
  });

  it('frees the slot of a removed vehicle for the next', () => {
    const state = makeMovingFleet();
    expect(state.remove([5, 99])[7]).toBe(HIDDEN);
    expect(state.positionAt(5, START_MS)).toBeNull();
    const rows = state.apply([makeUpdate({ id: 8, lat: 57.8 })], START_MS + 9_000);
    expect(rows[0]).toBe(0);
    expect(placeOf(state, 8, START_MS + 9_000)?.lat).toBeCloseTo(57.8, 9);
  });

  it('holds more vehicles than it first had room for', () => {
    const state = new FleetState();
    const fleet = Array.from({ length: 5_000 }, (_, id) => makeUpdate({ id, lat: id / 100 }));
    state.apply(fleet, START_MS);
    expect(placeOf(state, 4_999, START_MS)?.lat).toBeCloseTo(49.99, 9);
    expect(placeOf(state, 0, START_MS)?.lat).toBeCloseTo(0, 9);
  });

  it('brings a mirror up to date with its rows', () => {
    const state = makeMovingFleet();
    state.apply([makeUpdate({ id: 6, lat: 57.75, headingDeg: null })], START_MS + 1_200);
    const rows = state.everything();
    const mirror = new Glides();
    for (let offset = 0; offset < rows.length; offset += ROW_LENGTH) mirror.readRow(rows, offset);
    for (const slot of [0, 1]) {
      expect(mirror.xAt(slot, START_MS + 1_500)).toBe(state.glides.xAt(slot, START_MS + 1_500));
      expect(mirror.sprite[slot]).toBe(state.glides.sprite[slot]);
    }
  });
});
