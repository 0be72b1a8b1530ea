/** Registers the service worker; a browser without one shows the page all the same, while there is network. */

const UPDATE_EVERY_MS = 3_600_000;

export function keepOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  void navigator.serviceWorker
    .register('/drive-worker.js', { scope: '/drive' })
    .then((registration) =>
      // A page that stays open for days hears of a new version too.
      setInterval(() => void registration.update().catch(() => undefined), UPDATE_EVERY_MS),
    )
    .catch(() => undefined);
}
