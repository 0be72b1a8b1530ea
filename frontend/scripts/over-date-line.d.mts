export type Point = readonly [lon: number, lat: number];
export function flatRings(ring: readonly Point[]): [lon: number, lat: number][][];
