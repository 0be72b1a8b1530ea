/** Writes the vehicles' names beside them, where they have room. */
import { type Box, placeNames, type Wish } from './label-box.ts';
import type { Context } from './sprite-art.ts';
import type { Labels, Theme } from './types.ts';

export interface LabelSpot {
  slot: number;
  /** Centre of the vehicle, in pixels of the picture. */
  x: number;
  y: number;
}

/** A name that stands on the map already: its centre in units, its size in CSS pixels. */
export interface Sign {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelLook {
  readonly theme: Theme;
  readonly scale: number;
  /** Where signs stand, in pixels of the picture. */
  readonly taken: readonly Box[];
  /** Slots whose names come first. */
  readonly marked: ReadonlySet<number>;
}

/** With more vehicles in view than this, names would only be noise. */
export const MOST_LABELS = 300;
/** By themselves names come when so few are in view, and go when they are more than a few more. */
export const AUTO_FROM = 40;
export const AUTO_UNTIL = 60;
export const AUTO_FROM_ZOOM = 14;
const FONT_PX = 11.5;
const LINE_PX = 15;
const OFFSET_PX = 11;
/** Clear of the ring around a marked vehicle. */
const MARKED_OFFSET_PX = 19;
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

  /** Earlier spots win the room. */
  write(context: Context, spots: readonly LabelSpot[], { theme, scale, taken, marked }: LabelLook): void {
    context.font = `500 ${FONT_PX * scale}px system-ui, sans-serif`;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 3 * scale;
    context.strokeStyle = COLOURS[theme].halo;
    context.fillStyle = COLOURS[theme].text;
    const wishes = spots.flatMap((spot): Wish[] => {
      const text = this.names.get(spot.slot);
      if (text === undefined) this.miss(spot.slot);
      if (text === undefined) return [];
      const isMarked = marked.has(spot.slot);
      const size = { width: context.measureText(text).width, height: LINE_PX * scale };
      const places = placesBeside(spot, size, (isMarked ? MARKED_OFFSET_PX : OFFSET_PX) * scale);
      return [{ text, places: isMarked ? places : places.slice(0, 1), isMarked }];
    });
    for (const { text, box } of placeNames(wishes, taken)) {
      context.strokeText(text, box.left, box.top + box.height / 2);
      context.fillText(text, box.left, box.top + box.height / 2);
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

/** At its right; then at its left, above and below, where only marked names go: others would jump as vehicles pass. */
function placesBeside(
  { x, y }: LabelSpot,
  { width, height }: Pick<Box, 'width' | 'height'>,
  offset: number,
): readonly Box[] {
  const box = (left: number, top: number): Box => ({ left, top, width, height });
  return [
    box(x + offset, y - height / 2),
    box(x - offset - width, y - height / 2),
    box(x - width / 2, y - offset - height),
    box(x - width / 2, y + offset),
  ];
}
