/**
 * Shows the painter's pictures on the Leaflet map.
 *
 * A picture lies where it was drawn for and travels with the map, scaled during a zoom, until the next one is there.
 */
import { DomUtil, type Map as LeafletMap, Point, type ZoomAnimEvent } from 'leaflet';
import { originAfter } from './base-map.ts';
import type { Crowd } from './crowd.ts';
import type { Sign } from './label-painter.ts';
import type { Marks } from './painter.ts';
import {
  canPaintInWorker,
  type FinishedPicture,
  type PainterClient,
  paintInWorker,
  paintOnPage,
} from './painter-client.ts';
import type { ToPainter } from './painter-messages.ts';
import { isSameView, type PictureView, pictureViewOf } from './picture-view.ts';
import { worldPx } from './projection.ts';
import type { Labels, Theme } from './types.ts';

const PANE = 'vehicles';
/** Above streets and regions, below tooltips. */
const PANE_Z_INDEX = '450';
const MARGIN_PX = 48;

export interface VehicleLayerOptions {
  map: LeafletMap;
  theme: Theme;
  /** All rows, for a painter that starts afresh. */
  everything(): Float64Array;
  marks(): Marks;
  trails(): [slot: number, rows: Float64Array][];
  nameOf(slot: number): string;
  /** A picture is shown. */
  onPicture(zoom: number): void;
}

export class VehicleLayer {
  private painter: PainterClient;
  private shown: PictureView | null = null;
  /** The clusters that can be seen. */
  crowd: Crowd | null = null;
  private asked: PictureView | null = null;
  /** During a zoom animation the newest picture waits for its end. */
  private held: FinishedPicture | null = null;
  private isZooming = false;
  private theme: Theme;
  private labels: Labels = 'auto';
  private signs: readonly Sign[] = [];

  constructor(private readonly options: VehicleLayerOptions) {
    const { map } = options;
    this.theme = options.theme;
    map.createPane(PANE).style.zIndex = PANE_Z_INDEX;
    this.painter = this.start(canPaintInWorker() ? paintInWorker : paintOnPage);
    map.on('move resize', this.askForView, this);
    map.on('zoom viewreset', this.replace, this);
    map.on('zoomanim', this.startZoom, this);
    map.on('zoomend', this.endZoom, this);
    document.addEventListener('visibilitychange', () => this.tellAwake());
  }

  apply(rows: Float64Array<ArrayBuffer>): void {
    if (rows.length > 0) this.send({ kind: 'rows', rows }, [rows.buffer]);
  }

  clear(): void {
    this.send({ kind: 'clear' });
  }

  mark(marks: Marks): void {
    this.send({ kind: 'mark', marks });
  }

  setTrail(slot: number, rows: Float64Array<ArrayBuffer> | null): void {
    this.send({ kind: 'trail', slot, rows }, rows === null ? [] : [rows.buffer]);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.send({ kind: 'theme', theme });
  }

  setLabels(labels: Labels): void {
    this.labels = labels;
    this.send({ kind: 'labels', labels });
  }

  /** Names of regions, which those of vehicles must not cover. */
  setSigns(signs: readonly Sign[]): void {
    this.signs = signs;
    this.send({ kind: 'signs', signs });
  }

  /** So that the next vehicle in a slot is not called after the last; null: all. */
  forgetNames(slots: readonly number[] | null): void {
    if (slots?.length !== 0) this.send({ kind: 'forgetNames', slots });
  }

  private send(message: ToPainter, transfer: Transferable[] = []): void {
    this.painter.send(message, transfer);
  }

  private start(paint: typeof paintInWorker): PainterClient {
    const painter = paint({
      onPicture: (picture) => this.receive(picture),
      onUnnamed: (slots) => {
        const names = slots.map((slot) => [slot, this.options.nameOf(slot)] as const);
        this.send({ kind: 'names', names });
      },
      onUnable: () => this.startAfresh(),
    });
    painter.canvas.className = 'leaflet-zoom-animated';
    this.options.map.getPane(PANE)?.replaceChildren(painter.canvas);
    painter.send({ kind: 'theme', theme: this.theme });
    painter.send({ kind: 'rows', rows: this.options.everything() });
    painter.send({ kind: 'labels', labels: this.labels });
    painter.send({ kind: 'signs', signs: this.signs });
    for (const [slot, rows] of this.options.trails()) painter.send({ kind: 'trail', slot, rows });
    painter.send({ kind: 'mark', marks: this.options.marks() });
    this.asked = null;
    queueMicrotask(() => this.askForView());
    return painter;
  }

  private startAfresh(): void {
    this.painter.close();
    this.painter = this.start(paintOnPage);
  }

  private askForView(): void {
    const { map } = this.options;
    const { lat, lng } = map.getCenter();
    const { x, y } = map.getSize();
    if (x === 0 || y === 0) return;
    const view = pictureViewOf({
      centre: { lat, lon: lng, zoom: map.getZoom() },
      widthPx: x,
      heightPx: y,
      scale: window.devicePixelRatio,
      marginPx: MARGIN_PX,
    });
    if (isSameView(this.asked, view)) return;
    this.asked = view;
    this.send({ kind: 'view', view });
  }

  private receive(picture: FinishedPicture): void {
    if (this.isZooming) this.held = picture;
    else this.show(picture);
  }

  private show({ view, crowd, show }: FinishedPicture): void {
    show();
    this.shown = view;
    this.crowd = crowd;
    this.replace();
    this.options.onPicture(view.zoom);
  }

  private replace(): void {
    const { map } = this.options;
    if (this.isZooming || this.shown === null) return;
    const { style } = this.painter.canvas;
    style.width = `${this.shown.width / this.shown.scale}px`;
    style.height = `${this.shown.height / this.shown.scale}px`;
    this.place(this.shown, map.getPixelOrigin(), map.getZoom());
  }

  private place(view: PictureView, origin: { x: number; y: number }, zoom: number): void {
    const perUnit = worldPx(zoom);
    const x = (view.left / view.world) * perUnit - origin.x;
    const y = (view.top / view.world) * perUnit - origin.y;
    const offset = new Point(x, y);
    DomUtil.setTransform(this.painter.canvas, offset, 2 ** (zoom - view.zoom));
  }

  private startZoom({ center, zoom }: ZoomAnimEvent): void {
    this.isZooming = true;
    if (this.shown !== null) this.place(this.shown, originAfter(this.options.map, center, zoom), zoom);
  }

  private endZoom(): void {
    this.isZooming = false;
    const { held } = this;
    this.held = null;
    if (held !== null) this.show(held);
    else this.replace();
    this.askForView();
  }

  private tellAwake(): void {
    this.send({ kind: 'awake', awake: document.visibilityState === 'visible' });
  }
}
