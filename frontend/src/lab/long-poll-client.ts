/** Long polling: ask what is new; the server answers when something is, or after 25 s. Then ask again at once. */
import { ask } from './exchange.ts';
import { pause, pollPath } from './poll-answer.ts';
import { RETRY_AFTER_MS, type StartWay, type WayListener, type WayOptions } from './way.ts';

const WAIT_S = 25;

export const startLongPolling: StartWay = (options, listener) => {
  const stop = new AbortController();
  void longPoll(options, listener, stop.signal);
  return () => stop.abort();
};

async function longPoll(options: WayOptions, listener: WayListener, signal: AbortSignal): Promise<void> {
  const path = pollPath(options.channel, WAIT_S);
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
    if (answer.kind === 'trouble') await pause(RETRY_AFTER_MS, signal);
  }
}
