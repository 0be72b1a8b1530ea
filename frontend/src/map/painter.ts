/** Draws the fleet into one picture; the same code in the worker and, where there is none, on the page. */
import { blit, type Picture, type Sprite } from './blit.ts';
import { type ClusterArt, makeClusterArt } from './cluster-art.ts';
import { type Crowd, crowdOf } from './crowd.ts';
import { Glides, HIDDEN, ROW_LENGTH } from './glides.ts';
import type { Box } from './label-box.ts';
import { LabelPainter, LabelRule, type Sign } from './label-painter.ts';
import { middleOf, type PictureView } from './picture-view.ts';
import { nearestCopy } from './projection.ts';
import { RedrawSchedule } from './redraw-schedule.ts';
import { isNear, OUT_OF_VIEW_SPEED, Scene } from './scene.ts';
import { type Canvas, type Context, contextOf, type MakeCanvas, makeSprites } from './sprite-art.ts';
import { SPRITE, statusOf } from './sprite-sheet.ts';
import { TrailPainter } from './trail-painter.ts';
import type { Labels, Theme } from './types.ts';

const SIZES = [
  { fromZoom: 17, size: 1.4 },
  { fromZoom: 15, size: 1.2 },
  { fromZoom: 13, size: 1 },
  { fromZoom: 11, size: 0.85 },
];
const SMALLEST_SIZE = 0.7;
/** A vehicle that is drawn elsewhere by more than this did not glide there. */
const JUMP_PX = 1.5;

/** Vehicles that are drawn above all others, by slot. */
export interface Marks {
  selected: readonly number[];
  /** Pointed at in the list. */
  lifted: number | null;
}

export class Painter {
  private readonly glides = new Glides();
  private readonly scene = new Scene(this.glides);
  private readonly schedule = new RedrawSchedule();
  private readonly sheets = new Map<string, Sprite[]>();
  private readonly clusterArts = new Map<string, ClusterArt>();
  private readonly labels = new LabelPainter();
  private readonly labelRule = new LabelRule();
  private readonly trails = new TrailPainter(this.glides);
  private readonly context: Context;
  private view: PictureView | null = null;
  private image: ImageData | null = null;
  private words = new Uint32Array(0);
  private theme: Theme = 'light';
  private signs: readonly Sign[] = [];
  private marks: Marks = { selected: [], lifted: null };

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

  /** The clusters of the last picture. */
  get crowd(): Crowd | null {
    return this.view && crowdOf(this.scene, this.view);
  }

  show(view: PictureView): void {
    this.view = view;
    this.schedule.noteJump();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.schedule.noteJump();
  }

  mark(marks: Marks): void {
    this.marks = marks;
    this.schedule.noteJump();
  }

  setLabels(labels: Labels): void {
    this.labelRule.labels = labels;
    this.schedule.noteJump();
  }

  /** Names of something else, which vehicles' names must not cover. */
  setSigns(signs: readonly Sign[]): void {
    this.signs = signs;
    this.schedule.noteJump();
  }

  setTrail(slot: number, rows: Float64Array | null): void {
    this.trails.set(slot, rows);
    this.schedule.noteJump();
  }

  learnNames(names: readonly (readonly [slot: number, name: string])[]): void {
    this.labels.learn(names);
    this.schedule.noteJump();
  }

  /** Of these slots; null: all. */
  forgetNames(slots: readonly number[] | null): void {
    this.labels.forget(slots);
    this.schedule.noteJump();
  }

  /** Names that the last picture lacked; asked for once. */
  takeUnnamed(): readonly number[] {
    return this.labels.takeUnnamed();
  }

  clear(): void {
    this.glides.clear();
    this.labels.forget(null);
    this.trails.clear();
    this.marks = { selected: [], lifted: null };
    this.schedule.noteJump();
  }

  apply(rows: Float64Array): void {
    for (let offset = 0; offset < rows.length; offset += ROW_LENGTH) this.applyRow(rows, offset);
  }

  /** The view that was drawn, or null when there is none yet. */
  paint(nowMs: number): PictureView | null {
    const { view, scene } = this;
    if (view === null) return null;
    this.fit(view);
    this.words.fill(0);
    scene.collect({ view, nowMs, marked: this.markedSlots });
    this.schedule.drawn(scene.fastest, nowMs);
    this.blitAll(view, nowMs);
    if (this.image !== null) this.context.putImageData(this.image, 0, 0);
    this.trails.draw(this.context, { view, theme: this.theme, nowMs });
    this.writeLabels(view, { isAll: this.labelRule.areShown(view.zoom, scene.drawn) });
    return view;
  }

  private get markedSlots(): ReadonlySet<number> {
    const { selected, lifted } = this.marks;
    return new Set(lifted === null ? selected : [...selected, lifted]);
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
    else if (this.looksOther(slot, before, sprite)) this.schedule.noteLook(startMs);
    const isAbsorbed = this.scene.isAbsorbed(slot);
    const speed = isAbsorbed ? OUT_OF_VIEW_SPEED : this.scene.speedPxPerMs(slot, this.view);
    this.schedule.noteSpeed(speed, startMs);
  }

  /** Which way a vehicle turns inside a cluster cannot be seen. */
  private looksOther(slot: number, before: number, sprite: number): boolean {
    return this.scene.isAbsorbed(slot) ? statusOf(before) !== statusOf(sprite) : before !== sprite;
  }

  private fit({ width, height }: PictureView): void {
    if (this.image?.width === width && this.image.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = new ImageData(width, height);
    this.words = new Uint32Array(this.image.data.buffer);
  }

  /** Alarms lie above clusters, and what is marked above all. */
  private blitAll(view: PictureView, nowMs: number): void {
    const picture = { words: this.words, width: view.width, height: view.height };
    const sprites = this.spritesFor(view);
    const top = this.scene.layers.length - 1;
    this.scene.layers.forEach(({ x, y, sprite, count }, layer) => {
      if (layer === top) this.blitClusters(picture, view);
      for (let i = 0; i < count; i++)
        blit(picture, sprites[sprite[i] as number] as Sprite, x[i] as number, y[i] as number);
    });
    const { lifted, selected } = this.marks;
    const blitMarked = (slot: number, mark: number) => this.blitMarked(slot, mark, { picture, view, nowMs });
    if (lifted !== null) blitMarked(lifted, SPRITE.lift);
    for (const slot of selected) blitMarked(slot, SPRITE.selection);
  }

  private blitClusters(picture: Picture, view: PictureView): void {
    if (this.scene.clusters.length === 0) return;
    const art = this.clusterArtFor(view);
    for (const cluster of this.scene.clusters) art.draw(picture, cluster);
  }

  private blitMarked(
    slot: number,
    mark: number,
    { picture, view, nowMs }: { picture: Picture; view: PictureView; nowMs: number },
  ): void {
    const { glides } = this;
    if (!glides.isDrawn(slot)) return;
    const sprites = this.spritesFor(view);
    const unitX = nearestCopy(glides.xAt(slot, nowMs), middleOf(view).x);
    const x = Math.round(unitX * view.world) - view.left;
    const y = Math.round(glides.yAt(slot, nowMs) * view.world) - view.top;
    blit(picture, sprites[mark] as Sprite, x, y);
    blit(picture, sprites[glides.sprite[slot] as number] as Sprite, x, y);
  }

  /** The marked and the most urgent first: they win the room. Marked ones are named also where others are not. */
  private writeLabels(view: PictureView, { isAll }: { isAll: boolean }): void {
    const marked = this.markedSlots;
    if (!isAll && (marked.size === 0 || this.labelRule.labels === 'off')) return;
    const spots = this.scene.layers.toReversed().flatMap((layer) => layer.spots());
    const named = isAll ? spots : spots.filter(({ slot }) => marked.has(slot));
    named.sort((a, b) => Number(marked.has(b.slot)) - Number(marked.has(a.slot)));
    const taken = this.signs.map((sign) => boxOf(sign, view));
    this.labels.write(this.context, named, { theme: this.theme, scale: view.scale, taken, marked });
  }

  private spritesFor(view: PictureView): readonly Sprite[] {
    const scale = view.scale * sizeAt(view.zoom);
    return known(this.sheets, `${this.theme} ${scale}`, () =>
      makeSprites(this.makeCanvas, { theme: this.theme, scale }),
    );
  }

  private clusterArtFor({ scale }: PictureView): ClusterArt {
    return known(this.clusterArts, `${this.theme} ${scale}`, () =>
      makeClusterArt(this.makeCanvas, { theme: this.theme, scale }),
    );
  }
}

/** Sprites grow with the streets, so that a city full of vehicles does not become a carpet. */
function sizeAt(zoom: number): number {
  const step = SIZES.find(({ fromZoom }) => zoom >= fromZoom);
  return step?.size ?? SMALLEST_SIZE;
}

function boxOf({ x, y, width, height }: Sign, view: PictureView): Box {
  const [wide, high] = [width * view.scale, height * view.scale];
  const centreX = nearestCopy(x, middleOf(view).x) * view.world - view.left;
  return { left: centreX - wide / 2, top: y * view.world - view.top - high / 2, width: wide, height: high };
}

/** Made once a key. */
function known<T>(things: Map<string, T>, key: string, make: () => T): T {
  const thing = things.get(key) ?? make();
  things.set(key, thing);
  return thing;
}
