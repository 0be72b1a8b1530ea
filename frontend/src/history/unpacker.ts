/** The page's side of the worker that gets packed tracks. */
import type { Track } from './track.ts';
import type { FromUnpackingWorker, Refused, ToUnpackingWorker } from './unpacking-worker.ts';

export type Unpacked = Track | Refused;

export function canUnpack(): boolean {
  return 'DecompressionStream' in globalThis && 'Worker' in globalThis;
}

export class Unpacker {
  readonly #worker = new Worker(new URL('./unpacking-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, (answer: Unpacked) => void>();
  #ids = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<FromUnpackingWorker>) => {
      this.#waiting.get(data.id)?.('track' in data ? data.track : data);
      this.#waiting.delete(data.id);
    };
    this.#worker.onerror = () => {
      for (const answer of this.#waiting.values()) answer({ status: 0, answer: null });
      this.#waiting.clear();
    };
  }

  get(address: string): Promise<Unpacked> {
    const id = ++this.#ids;
    // A worker takes addresses as relative to its own script.
    const message: ToUnpackingWorker = { id, url: new URL(address, location.href).href };
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage(message);
    });
  }
}
