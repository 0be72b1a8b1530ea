/** Draws the fleet into one picture; the same code in the worker and, where there is none, on the page. */
import { blit, type Sprite } from './blit.ts';
import { Glides, HIDDEN, ROW_LENGTH } from './glides.ts';
import { LabelPainter, type LabelSpot, MOST_LABELS } from './label-painter.ts';
import { middleOf, type PictureView } from './picture-view.ts';
import { nearestCopy } from './projection.ts';
import { RedrawSchedule } from './redraw-schedule.ts';
import { type Canvas, type Context, contextOf, type MakeCanvas, makeSprites } from './sprite-art.ts';
import { LAYER_COUNT, layerOf, SPRITE, SPRITE_COUNT } from './sprite-sheet.ts';
import { grown } from './typed.ts';
import type { Theme } from './types.ts';

/** Sprites with their centre this far outside can still show, in CSS pixels. */
const REACH_PX = 32;
const SIZES = [
  { fromZoom: 17, size: 1.4 },
  { fromZoom: 15, size: 1.2 },
  { fromZoom: 13, size: 1 },
  { fromZoom: 11, size: 0.85 },
];
const SMALLEST_SIZE = 0.7;
/** What moves elsewhere is worth the longest wait only: it may drive in. */
const OUT_OF_VIEW_SPEED = Number.MIN_VALUE;
/** A vehicle that is drawn elsewhere by more than this did not glide there. */
const JUMP_PX = 1.5;
const LAYER_BY_SPRITE = Uint8Array.from({ length: SPRITE_COUNT }, (_, sprite) => layerOf(sprite));

export class Painter {
  private readonly glides = new Glides();
  private readonly schedule = new RedrawSchedule();
  private readonly sheets = new Map<string, Sprite[]>();
  private readonly layers = Array.from({ length: LAYER_COUNT }, () => new DrawList());
  private readonly labels = new LabelPainter();
  private readonly context: Context;
  private view: PictureView | null = null;
  private image: ImageData | null = null;
  private words = new Uint32Array(0);
  private theme: Theme = 'light';
  private selected: number | null = null;

  constructor(
    private readonly canvas: Canvas,
    private readonly makeCanvas: MakeCanvas,
  ) {
    this.context = contextOf(canvas);
  }

  /** When the next picture is worth drawing, ms since 1970; infinite when nothing moves. */
  get dueAtMs(): number {
    return this.view === null ? Number.POSITIVE_INFINITY : this.schedule.dueAtMs;
  }

  show(view: PictureView): void {
    this.view = view;
    this.schedule.noteJump();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.schedule.noteJump();
  }

  select(slot: number | null): void {
    this.selected = slot;
    this.schedule.noteJump();
  }

  setLabels(isOn: boolean): void {
    this.labels.isOn = isOn;
    this.schedule.noteJump();
  }

  learnNames(names: readonly (readonly [slot: number, name: string | null])[]): void {
    this.labels.learn(names);
    if (this.labels.isOn) this.schedule.noteJump();
  }

  clear(): void {
    this.glides.clear();
    this.labels.clear();
    this.selected = null;
    this.schedule.noteJump();
  }

  apply(rows: Float64Array): void {
    for (let offset = 0; offset < rows.length; offset += ROW_LENGTH) this.applyRow(rows, offset);
  }

  /** The view that was drawn, or null when there is none yet. */
  paint(nowMs: number): PictureView | null {
    const { view } = this;
    if (view === null) return null;
    this.fit(view);
    this.words.fill(0);
    this.schedule.drawn(this.collect(view, nowMs), nowMs);
    this.blitAll(view, nowMs);
    if (this.image !== null) this.context.putImageData(this.image, 0, 0);
    if (this.labels.isOn) this.writeLabels(view);
    return view;
  }

  private applyRow(rows: Float64Array, offset: number): void {
    const slot = rows[offset] as number;
    const startMs = rows[offset + 5] as number;
    const before = this.glides.isDrawn(slot) ? (this.glides.sprite[slot] as number) : HIDDEN;
    const beforeX = before === HIDDEN ? 0 : this.glides.xAt(slot, startMs);
    const beforeY = before === HIDDEN ? 0 : this.glides.yAt(slot, startMs);
    this.glides.readRow(rows, offset);
    const sprite = this.glides.sprite[slot] as number;
    if (this.view === null || (before === HIDDEN && sprite === HIDDEN)) return;
    const x = this.glides.fromX[slot] as number;
    const y = this.glides.fromY[slot] as number;
    const wasNear = before !== HIDDEN && isNear(this.view, beforeX, beforeY);
    if (!wasNear && !isNear(this.view, x, y)) {
      if ((rows[offset + 6] as number) > startMs) this.schedule.noteSpeed(OUT_OF_VIEW_SPEED, startMs);
      return;
    }
    const shiftPx = Math.hypot(x - beforeX, y - beforeY) * this.view.world;
    if (before === HIDDEN || sprite === HIDDEN || shiftPx > JUMP_PX) this.schedule.noteJump();
    else if (before !== sprite) this.schedule.noteLook(startMs);
    this.schedule.noteSpeed(this.speedPxPerMs(slot, this.view), startMs);
  }

  private fit({ width, height }: PictureView): void {
    if (this.image?.width === width && this.image.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = new ImageData(width, height);
    this.words = new Uint32Array(this.image.data.buffer);
  }

  /** Fills the layers with what lies in the view; returns the fastest speed still to come, in px per ms. */
  private collect(view: PictureView, nowMs: number): number {
    const { glides, layers } = this;
    const centre = middleOf(view).x;
    const reach = REACH_PX * view.scale;
    let fastest = 0;
    for (const layer of layers) layer.count = 0;
    for (let slot = 0; slot < glides.length; slot++) {
      const sprite = glides.sprite[slot] as number;
      if (sprite === HIDDEN) continue;
      const x = Math.round(nearestCopy(glides.xAt(slot, nowMs), centre) * view.world) - view.left;
      const y = Math.round(glides.yAt(slot, nowMs) * view.world) - view.top;
      const isOutside = x < -reach || y < -reach || x > view.width + reach || y > view.height + reach;
      if (nowMs < (glides.endMs[slot] as number)) {
        const speed = isOutside ? OUT_OF_VIEW_SPEED : this.speedPxPerMs(slot, view);
        if (speed > fastest) fastest = speed;
      }
      if (!isOutside) layers[LAYER_BY_SPRITE[sprite] as number]?.push(slot, x, y, sprite);
    }
    return fastest;
  }

  private blitAll(view: PictureView, nowMs: number): void {
    const picture = { words: this.words, width: view.width, height: view.height };
    const sprites = this.spritesFor(view);
    for (const { x, y, sprite, count } of this.layers) {
      for (let i = 0; i < count; i++)
        blit(picture, sprites[sprite[i] as number] as Sprite, x[i] as number, y[i] as number);
    }
    this.blitSelected(view, nowMs, sprites);
  }

  /** The selected and the most urgent first: they win the room. */
  private writeLabels(view: PictureView): void {
    const count = this.layers.reduce((sum, layer) => sum + layer.count, 0);
    if (count > MOST_LABELS) return;
    const spots = this.layers.toReversed().flatMap((layer) => layer.spots());
    spots.sort((a, b) => Number(b.slot === this.selected) - Number(a.slot === this.selected));
    this.labels.write(this.context, spots, { theme: this.theme, scale: view.scale });
  }

  private blitSelected(view: PictureView, nowMs: number, sprites: readonly Sprite[]): void {
    const { selected, glides } = this;
    if (selected === null || !glides.isDrawn(selected)) return;
    const picture = { words: this.words, width: view.width, height: view.height };
    const unitX = nearestCopy(glides.xAt(selected, nowMs), middleOf(view).x);
    const x = Math.round(unitX * view.world) - view.left;
    const y = Math.round(glides.yAt(selected, nowMs) * view.world) - view.top;
    blit(picture, sprites[SPRITE.selection] as Sprite, x, y);
    blit(picture, sprites[glides.sprite[selected] as number] as Sprite, x, y);
  }

  private speedPxPerMs(slot: number, view: PictureView): number {
    const { glides } = this;
    const spanMs = (glides.endMs[slot] as number) - (glides.startMs[slot] as number);
    if (spanMs <= 0) return 0;
    const dx = (glides.toX[slot] as number) - (glides.fromX[slot] as number);
    const dy = (glides.toY[slot] as number) - (glides.fromY[slot] as number);
    return (Math.hypot(dx, dy) * view.world) / spanMs;
  }

  private spritesFor(view: PictureView): readonly Sprite[] {
    const scale = view.scale * sizeAt(view.zoom);
    const key = `${this.theme} ${scale}`;
    const known = this.sheets.get(key);
    if (known !== undefined) return known;
    const sprites = makeSprites(this.makeCanvas, { theme: this.theme, scale });
    this.sheets.set(key, sprites);
    return sprites;
  }
}

/** What a layer draws, in the order it was found. */
class DrawList {
  slot = new Int32Array(256);
  x = new Int32Array(256);
  y = new Int32Array(256);
  sprite = new Int16Array(256);
  count = 0;

  push(slot: number, x: number, y: number, sprite: number): void {
    if (this.count === this.x.length) this.grow();
    this.slot[this.count] = slot;
    this.x[this.count] = x;
    this.y[this.count] = y;
    this.sprite[this.count] = sprite;
    this.count++;
  }

  spots(): LabelSpot[] {
    return Array.from({ length: this.count }, (_, i) => ({
      slot: this.slot[i] as number,
      x: this.x[i] as number,
      y: this.y[i] as number,
    }));
  }

  private grow(): void {
    this.slot = grown(this.slot, this.count * 2);
    this.x = grown(this.x, this.count * 2);
    this.y = grown(this.y, this.count * 2);
    this.sprite = grown(this.sprite, this.count * 2);
  }
}

/** Sprites grow with the streets, so that a city full of vehicles does not become a carpet. */
function sizeAt(zoom: number): number {
  const step = SIZES.find(({ fromZoom }) => zoom >= fromZoom);
  return step?.size ?? SMALLEST_SIZE;
}

function isNear(view: PictureView, x: number, y: number): boolean {
  const reach = REACH_PX * view.scale;
  const px = nearestCopy(x, middleOf(view).x) * view.world - view.left;
  const py = y * view.world - view.top;
  return px >= -reach && py >= -reach && px <= view.width + reach && py <= view.height + reach;
}
