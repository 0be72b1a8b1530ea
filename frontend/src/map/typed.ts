/** Typed arrays that grow. */
export type Numbers =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** A copy with room for `capacity` numbers; the new ones are 0. */
export function grown<T extends Numbers>(numbers: T, capacity: number): T {
  const larger = new (numbers.constructor as new (length: number) => T)(capacity);
  larger.set(numbers);
  return larger;
}
