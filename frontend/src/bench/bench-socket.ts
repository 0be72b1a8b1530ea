/** Stands in for the browser's WebSocket, so that the page runs as it is; the other end is a worker. */
import type { ServerSetup } from './server-worker.ts';

export interface BenchSocketOptions {
  setup(): ServerSetup;
  /** How long the page took to take a message in, ms. */
  onTaken(durationMs: number): void;
}

export function installBenchSocket({ setup, onTaken }: BenchSocketOptions): void {
  class BenchSocket extends EventTarget {
    static readonly OPEN = 1;
    readonly readyState = BenchSocket.OPEN;
    private readonly worker = new Worker(new URL('./server-worker.ts', import.meta.url), { type: 'module' });

    constructor() {
      super();
      this.worker.postMessage(setup());
      this.worker.onmessage = ({ data }: MessageEvent<string>) => {
        const startMs = performance.now();
        this.dispatchEvent(new MessageEvent('message', { data }));
        onTaken(performance.now() - startMs);
      };
      queueMicrotask(() => this.dispatchEvent(new Event('open')));
    }

    send(text: string): void {
      this.worker.postMessage(text);
    }

    close(): void {
      this.worker.terminate();
    }
  }
  window.WebSocket = BenchSocket as unknown as typeof WebSocket;
}
