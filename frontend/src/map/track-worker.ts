/** Paints tracks away from the page, which a week of fixes would hold up for a tenth of a second. */
import { type DrawnTrack, paintTracks, type TrackLook } from './track-painter.ts';

export type ToTrackWorker = { readonly tracks: readonly DrawnTrack[] } | { readonly look: TrackLook };
export interface FromTrackWorker {
  readonly look: TrackLook;
  readonly bitmap: ImageBitmap;
}

interface WorkerScope {
  onmessage: ((event: MessageEvent<ToTrackWorker>) => void) | null;
  postMessage(message: FromTrackWorker, transfer: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;
const canvas = new OffscreenCanvas(1, 1);
let tracks: readonly DrawnTrack[] = [];

scope.onmessage = ({ data }) => {
  if ('tracks' in data) {
    tracks = data.tracks;
    return;
  }
  paintTracks(canvas, tracks, data.look);
  const bitmap = canvas.transferToImageBitmap();
  scope.postMessage({ look: data.look, bitmap }, [bitmap]);
};
