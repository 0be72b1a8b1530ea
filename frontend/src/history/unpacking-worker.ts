/** Gets packed tracks and reads them away from the page, which a week of fixes would hold up. */
import { PACKED_TYPE, unpackTrack } from './packed-track.ts';
import type { Track } from './track.ts';

export interface ToUnpackingWorker {
  readonly id: number;
  readonly url: string;
}
export type FromUnpackingWorker = { readonly id: number } & ({ readonly track: Track } | Refused);

/** What the server answered instead; status 0: nothing. */
export interface Refused {
  readonly status: number;
  readonly answer: unknown;
}

interface WorkerScope {
  onmessage: ((event: MessageEvent<ToUnpackingWorker>) => void) | null;
  postMessage(message: FromUnpackingWorker, transfer?: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;

scope.onmessage = ({ data: { id, url } }) => void get(id, url);

async function get(id: number, url: string): Promise<void> {
  const response = await fetch(url, { headers: { accept: PACKED_TYPE } }).catch(() => null);
  if (response === null) scope.postMessage({ id, status: 0, answer: null });
  else if (!response.ok) {
    const answer: unknown = await response.json().catch(() => null);
    scope.postMessage({ id, status: response.status, answer });
  } else await unpack(id, response);
}

async function unpack(id: number, response: Response): Promise<void> {
  try {
    const track = await unpackTrack(new Uint8Array(await response.arrayBuffer()));
    const { times, lats, lons, speeds } = track;
    const columns = [times, lats, lons, speeds].map(({ buffer }) => buffer as ArrayBuffer);
    scope.postMessage({ id, track }, columns);
  } catch (error) {
    scope.postMessage({ id, status: response.status, answer: { detail: String(error) } });
  }
}
