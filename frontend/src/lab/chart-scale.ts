/** From a minute of values to lines in a box. Pure. */

export type Value = number | null;

export interface Box {
  readonly width: number;
  readonly height: number;
  /** Values that span the width. */
  readonly count: number;
  /** The value at the top; 0 lies at the foot. */
  readonly top: number;
}

/** Keeps the newest `most`. */
export function pushCapped<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}

/** Each value becomes the mean of the newest `span` up to it; what was not measured stays so. */
export function smoothed(values: readonly Value[], span: number): Value[] {
  return values.map((value, index) => {
    if (value === null) return null;
    const known = values.slice(Math.max(0, index - span + 1), index + 1).filter((one) => one !== null);
    return known.reduce((sum, one) => sum + one, 0) / known.length;
  });
}

/** 1, 2 or 5 times a power of ten that no value exceeds, `least` at least. */
export function roundTop(lines: readonly (readonly Value[])[], least: number): number {
  const largest = Math.max(least, ...lines.flat().filter((value) => value !== null));
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= largest) ?? 10;
  return step * power;
}

/** An SVG path; the newest value is at the right edge, and gaps are gaps. */
export function pathOf(values: readonly Value[], { width, height, count, top }: Box): string {
  let isDrawing = false;
  const steps = values.map((value, index) => {
    if (value === null) {
      isDrawing = false;
      return '';
    }
    const x = width * (1 - (values.length - 1 - index) / (count - 1));
    const y = height * (1 - Math.min(value, top) / top);
    const step = `${isDrawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    isDrawing = true;
    return step;
  });
  return steps.join('');
}
