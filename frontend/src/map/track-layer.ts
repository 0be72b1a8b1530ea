/** Shows pictures of a track on the map; each lies where it was drawn for, until the next one is there. */
import { DomUtil, type Map as LeafletMap, Point, type ZoomAnimEvent } from 'leaflet';
import { originAfter } from './base-map.ts';
import { canPaintInWorker } from './painter-client.ts';
import { type PictureView, pictureViewOf } from './picture-view.ts';
import { worldPx } from './projection.ts';
import { type DrawnTrack, paintTracks, type TrackLook } from './track-painter.ts';
import type { FromTrackWorker, ToTrackWorker } from './track-worker.ts';
import type { Theme } from './types.ts';

const PANE = 'track';
/** Above streets and regions, below the cursor. */
const PANE_Z_INDEX = '450';
const MARGIN_PX = 96;

export class TrackLayer {
  private readonly canvas = document.createElement('canvas');
  private readonly paint: Paint;
  private shown: PictureView | null = null;
  private isDue = false;

  constructor(
    private readonly map: LeafletMap,
    private theme: Theme,
  ) {
    map.createPane(PANE).style.zIndex = PANE_Z_INDEX;
    this.canvas.className = 'leaflet-zoom-animated';
    map.getPane(PANE)?.append(this.canvas);
    const onPicture = (view: PictureView) => this.replace(view);
    this.paint = canPaintInWorker() ? inWorker(this.canvas, onPicture) : onPage(this.canvas, onPicture);
    map.on('moveend resize viewreset', this.drawSoon, this);
    map.on('zoomanim', this.startZoom, this);
  }

  /** The first one above all others. */
  show(tracks: readonly DrawnTrack[]): void {
    this.paint.take(tracks);
    this.drawSoon();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.drawSoon();
  }

  /** What a picture of now shows, and where in it a place of the map's container lies, in device pixels. */
  pointIn(at: { x: number; y: number }): { view: PictureView; x: number; y: number } {
    const view = this.viewNow();
    const { x, y } = this.map.getSize();
    const left = view.width / 2 + (at.x - x / 2) * view.scale;
    return { view, x: left, y: view.height / 2 + (at.y - y / 2) * view.scale };
  }

  /** At most once a frame. */
  private drawSoon(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      this.paint.draw({ view: this.viewNow(), theme: this.theme });
    });
  }

  private viewNow(): PictureView {
    const { lat, lng } = this.map.getCenter();
    const { x, y } = this.map.getSize();
    return pictureViewOf({
      centre: { lat, lon: lng, zoom: this.map.getZoom() },
      widthPx: x,
      heightPx: y,
      scale: window.devicePixelRatio,
      marginPx: MARGIN_PX,
    });
  }

  private replace(view: PictureView): void {
    this.shown = view;
    this.canvas.style.width = `${view.width / view.scale}px`;
    this.canvas.style.height = `${view.height / view.scale}px`;
    this.place(this.map.getPixelOrigin(), this.map.getZoom());
  }

  private place(origin: { x: number; y: number }, zoom: number): void {
    const view = this.shown;
    if (view === null) return;
    const perUnit = worldPx(zoom);
    const x = (view.left / view.world) * perUnit - origin.x;
    const y = (view.top / view.world) * perUnit - origin.y;
    DomUtil.setTransform(this.canvas, new Point(x, y), 2 ** (zoom - view.zoom));
  }

  private startZoom({ center, zoom }: ZoomAnimEvent): void {
    this.place(originAfter(this.map, center, zoom), zoom);
  }
}

/** Whoever draws: takes tracks, and answers each look with a picture of them. */
interface Paint {
  take(tracks: readonly DrawnTrack[]): void;
  draw(look: TrackLook): void;
}

function inWorker(canvas: HTMLCanvasElement, onPicture: (view: PictureView) => void): Paint {
  let worker: Worker | null = null;
  const start = (): Worker => {
    const made = new Worker(new URL('./track-worker.ts', import.meta.url), { type: 'module' });
    const context = canvas.getContext('bitmaprenderer');
    made.onmessage = ({ data: { look, bitmap } }: MessageEvent<FromTrackWorker>) => {
      context?.transferFromImageBitmap(bitmap);
      onPicture(look.view);
    };
    return made;
  };
  // With the first track, since a page that opens has enough to do.
  const send = (message: ToTrackWorker) => {
    worker ??= start();
    worker.postMessage(message);
  };
  return { take: (tracks) => send({ tracks }), draw: (look) => worker !== null && send({ look }) };
}

function onPage(canvas: HTMLCanvasElement, onPicture: (view: PictureView) => void): Paint {
  let taken: readonly DrawnTrack[] = [];
  return {
    take: (tracks) => {
      taken = tracks;
    },
    draw: (look) => {
      paintTracks(canvas, taken, look);
      onPicture(look.view);
    },
  };
}
