/** Writes the vehicles' names beside them, where they have room. */
import type { Context } from './sprite-art.ts';
import type { Labels, Theme } from './types.ts';

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
/** By themselves names come when so few are in view, and go when they are more than a few more. */
export const AUTO_FROM = 40;
export const AUTO_UNTIL = 60;
export const AUTO_FROM_ZOOM = 14;
const FONT_PX = 11.5;
const LINE_PX = 15;
const OFFSET_X_PX = 11;
const COLOURS: Record<Theme, { text: string; halo: string }> = {
  light: { text: '#1f2937', halo: 'rgb(255 255 255 / 92%)' },
  dark: { text: '#e2e8f0', halo: 'rgb(11 16 23 / 92%)' },
};

export class LabelPainter {
  private readonly names = new Map<number, string>();
  /** Asked for, or about to be. */
  private readonly missing = new Set<number>();
  private unnamed: number[] = [];

  learn(names: readonly (readonly [slot: number, name: string])[]): void {
    for (const [slot, name] of names) {
      this.names.set(slot, name);
      this.missing.delete(slot);
    }
  }

  /** Of these slots; null: all. */
  forget(slots: readonly number[] | null): void {
    if (slots === null) {
      this.names.clear();
      this.missing.clear();
    } else {
      for (const slot of slots) this.names.delete(slot);
      for (const slot of slots) this.missing.delete(slot);
    }
  }

  takeUnnamed(): readonly number[] {
    const { unnamed } = this;
    this.unnamed = [];
    return unnamed;
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
      if (text === undefined) this.miss(slot);
      return text === undefined ? [] : [boxBeside(x, y, text, context.measureText(text).width, scale)];
    });
    for (const { text, left, top, height } of withoutOverlap(candidates)) {
      context.strokeText(text, left, top + height / 2);
      context.fillText(text, left, top + height / 2);
    }
  }

  private miss(slot: number): void {
    if (this.missing.has(slot)) return;
    this.missing.add(slot);
    this.unnamed.push(slot);
  }
}

/** Whether names are written: always, never, or with few vehicles on near streets; a few more do not end it. */
export class LabelRule {
  labels: Labels = 'auto';
  private wereShown = false;

  areShown(zoom: number, drawn: number): boolean {
    const [most, fromZoom] =
      this.labels === 'on' ? [MOST_LABELS, 0] : [this.mostByThemselves, AUTO_FROM_ZOOM];
    this.wereShown = this.labels !== 'off' && drawn <= most && zoom >= fromZoom;
    return this.wereShown;
  }

  private get mostByThemselves(): number {
    return this.wereShown ? AUTO_UNTIL : AUTO_FROM;
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
