/** AJAX polling: ask what is new, wait, ask again. */
import { ask } from './exchange.ts';
import { pause, pollPath } from './poll-answer.ts';
import { RETRY_AFTER_MS, type StartWay, type WayListener, type WayOptions } from './way.ts';

export const startPolling: StartWay = (options, listener) => {
  const stop = new AbortController();
  void poll(options, listener, stop.signal);
  return () => stop.abort();
};

async function poll(options: WayOptions, listener: WayListener, signal: AbortSignal): Promise<void> {
  const path = pollPath(options.channel, 0);
  let cursor = '';
  listener.became('connecting');
  while (!signal.aborted) {
    const answer = await ask(path, cursor, signal, options, listener);
    if (signal.aborted) return;
    if (answer.kind === 'refused') return listener.became('refused');
    listener.became(answer.kind === 'trouble' ? 'retrying' : 'open');
    if (answer.kind === 'news') {
      cursor = answer.cursor;
      listener.heard(answer.messages);
    }
    await pause(answer.kind === 'trouble' ? RETRY_AFTER_MS : options.pollEveryMs, signal);
  }
}
