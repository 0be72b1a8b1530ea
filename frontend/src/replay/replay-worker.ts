/** Gets hours of the past and parts them away from the page, which copying their rows would hold up. */
import type { Span } from '../history/player.ts';
import { buffersOf, type Chunk, HOUR_MS, splitHours } from './chunk.ts';
import { PACKED_TYPE, unpackReplay } from './packed-replay.ts';

export type ToReplayWorker =
  | { readonly kind: 'get'; readonly id: number; readonly url: string; readonly span: Span }
  | { readonly kind: 'drop'; readonly id: number };
export type FromReplayWorker =
  | { readonly id: number; readonly chunks: readonly Chunk[] }
  /** Status 0: no answer came, or no sense. */
  | { readonly id: number; readonly status: number };

interface WorkerScope {
  onmessage: ((event: MessageEvent<ToReplayWorker>) => void) | null;
  postMessage(message: FromReplayWorker, transfer?: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;
const running = new Map<number, AbortController>();

scope.onmessage = ({ data }) => {
  if (data.kind === 'drop') running.get(data.id)?.abort();
  else void get(data.id, data.url, data.span);
};

async function get(id: number, url: string, [fromMs, toMs]: Span): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  try {
    const response = await fetch(url, { headers: { accept: PACKED_TYPE }, signal: abort.signal });
    if (!response.ok) scope.postMessage({ id, status: response.status });
    else {
      const chunks = splitHours(
        unpackReplay(await response.arrayBuffer(), fromMs),
        (toMs - fromMs) / HOUR_MS,
      );
      scope.postMessage({ id, chunks }, chunks.flatMap(buffersOf));
    }
  } catch {
    scope.postMessage({ id, status: 0 });
  }
  running.delete(id);
}
