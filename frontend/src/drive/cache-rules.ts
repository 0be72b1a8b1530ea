/** What the service worker keeps and answers from its cache. Pure. */

export interface KeptFiles {
  /** Another one when any of the files is another. */
  readonly version: string;
  readonly files: readonly string[];
}

const PREFIX = 'drive-';

export function cacheName({ version }: KeptFiles): string {
  return `${PREFIX}${version}`;
}

/** Those of earlier versions. */
export function outdated(names: readonly string[], kept: KeptFiles): readonly string[] {
  return names.filter((name) => name.startsWith(PREFIX) && name !== cacheName(kept));
}

/** Under which name a request is answered from the cache; null: by the network alone. */
export function keptName(method: string, path: string, { files }: KeptFiles): string | null {
  return method === 'GET' && files.includes(path) ? path : null;
}
