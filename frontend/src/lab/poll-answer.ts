/** What is asked of `/live/v1/poll`, and what its answers mean. */

export type PollAnswer =
  | { readonly kind: 'news'; readonly cursor: string; readonly messages: readonly unknown[] }
  | { readonly kind: 'nothing' }
  /** Asking again cannot help. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'trouble' };

const FINAL = [400, 401, 403];

export function pollPath(channel: string, wait_s: number): string {
  return `/live/v1/poll?${new URLSearchParams({ channel, wait: String(wait_s) })}`;
}

export function readPollAnswer(status: number, body: string): PollAnswer {
  if (status === 200) {
    const { cursor, messages } = JSON.parse(body) as { cursor: string; messages: unknown[] };
    return { kind: 'news', cursor, messages };
  }
  if (status === 304) return { kind: 'nothing' };
  return { kind: FINAL.includes(status) ? 'refused' : 'trouble' };
}

/** Ends early when stopped. */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
