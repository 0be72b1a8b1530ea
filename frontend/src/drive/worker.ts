/** The service worker of the driver's page: keeps its files, so that it opens without any network. What to keep, Django writes before it. */
import { cacheName, type KeptFiles, keptName, outdated } from './cache-rules.ts';

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface WorkerScope {
  readonly fleetDrive: KeptFiles;
  readonly caches: CacheStorage;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}

const scope = self as unknown as WorkerScope;
const kept = scope.fleetDrive;

async function install(): Promise<void> {
  const cache = await scope.caches.open(cacheName(kept));
  await cache.addAll(kept.files.map((file) => new Request(file, { cache: 'reload', credentials: 'omit' })));
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  const old = outdated(await scope.caches.keys(), kept);
  await Promise.all(old.map((name) => scope.caches.delete(name)));
  await scope.clients.claim();
}

async function answer(request: Request, name: string): Promise<Response> {
  const cache = await scope.caches.open(cacheName(kept));
  return (await cache.match(name)) ?? fetch(request);
}

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(activate()));
scope.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  const name = origin === location.origin ? keptName(method, pathname, kept) : null;
  if (name !== null) event.respondWith(answer(event.request, name));
});
