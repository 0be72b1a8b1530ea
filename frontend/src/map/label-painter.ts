/** Writes the vehicles' names beside them, where they have room. */
import type { Context } from './sprite-art.ts';
import type { Theme } from './types.ts';

export interface LabelSpot {
  slot: number;
  /** Centre of the vehicle, in pixels of the picture. */
  x: number;
  y: number;
}

export interface LabelBox {
  text: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** With more vehicles in view than this, names would only be noise. */
export const MOST_LABELS = 300;
const FONT_PX = 11.5;
const LINE_PX = 15;
const OFFSET_X_PX = 11;
const COLOURS: Record<Theme, { text: string; halo: string }> = {
  light: { text: '#1f2937', halo: 'rgb(255 255 255 / 92%)' },
  dark: { text: '#e2e8f0', halo: 'rgb(11 16 23 / 92%)' },
};

export class LabelPainter {
  private readonly names = new Map<number, string>();
  isOn = false;

  /** Null takes a name away. */
  learn(names: readonly (readonly [slot: number, name: string | null])[]): void {
    for (const [slot, name] of names) {
      if (name === null) this.names.delete(slot);
      else this.names.set(slot, name);
    }
  }

  clear(): void {
    this.names.clear();
  }

  write(
    context: Context,
    spots: readonly LabelSpot[],
    { theme, scale }: { theme: Theme; scale: number },
  ): void {
    context.font = `500 ${FONT_PX * scale}px system-ui, sans-serif`;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 3 * scale;
    context.strokeStyle = COLOURS[theme].halo;
    context.fillStyle = COLOURS[theme].text;
    const candidates = spots.flatMap(({ slot, x, y }) => {
      const text = this.names.get(slot);
      return text === undefined ? [] : [boxBeside(x, y, text, context.measureText(text).width, scale)];
    });
    for (const { text, left, top, height } of withoutOverlap(candidates)) {
      context.strokeText(text, left, top + height / 2);
      context.fillText(text, left, top + height / 2);
    }
  }
}

/** The first come stay; later ones that would cover them are left out. */
export function withoutOverlap(boxes: readonly LabelBox[]): LabelBox[] {
  const kept: LabelBox[] = [];
  for (const box of boxes) if (!kept.some((other) => overlap(box, other))) kept.push(box);
  return kept;
}

function overlap(a: LabelBox, b: LabelBox): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}

function boxBeside(x: number, y: number, text: string, width: number, scale: number): LabelBox {
  const height = LINE_PX * scale;
  return { text, left: x + OFFSET_X_PX * scale, top: y - height / 2, width, height };
}
