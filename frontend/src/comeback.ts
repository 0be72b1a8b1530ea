/** When the network or the tab comes back. */

/** Gives what ends it. */
export function onComeback(run: () => void): () => void {
  const quiet = new AbortController();
  const { signal } = quiet;
  window.addEventListener('online', run, { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && run(), {
    signal,
  });
  return () => quiet.abort();
}
