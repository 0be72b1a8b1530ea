/** Milliseconds since 1970 that agree between the page and its workers and never jump back. */
export function clockMs(): number {
  return performance.timeOrigin + performance.now();
}
