import { afterEach, expect, it, vi } from 'vitest';
import { EventArchive } from '../../src/desk/event-archive.ts';
import { EventLog } from '../../src/desk/event-log.ts';
import { makeEntry } from './make-entry.ts';

const HOUR_MS = 3_600_000;

function serve(next: string | null): URL[] {
  const asked: URL[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(new URL(url, 'http://fleet.test'));
    const time = new Date(HOUR_MS).toISOString();
    const item = { id: 1, kind: 'enter', vehicle: 'bus-1', region: 'haga', time, data: {} };
    return Response.json({ items: [item], next });
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it('shows the last half hour before the page was opened', async () => {
  const asked = serve(null);
  const log = new EventLog();
  await new EventArchive(log, '/e').loadRecent(HOUR_MS);
  expect(asked[0]?.searchParams.get('from')).toBe('1970-01-01T00:30:00.000Z');
  expect(log.entries).toMatchObject([{ id: 1, vehicle: 'bus-1', region: 'haga' }]);
});

it.each([
  [null, ['enter']],
  ['more', ['gap', 'enter']],
])('fills a gap, which stays when the answer ends with %s', async (next, kinds) => {
  const asked = serve(next);
  const log = new EventLog();
  const gap = makeEntry('gap.1', { kind: 'gap', timeMs: 2 * HOUR_MS });
  log.add([gap]);
  await new EventArchive(log, '/e').fill(gap);
  expect(asked[0]?.searchParams.get('to')).toBe('1970-01-01T02:00:00.001Z');
  expect(log.entries.map(({ kind }) => kind)).toEqual(kinds);
});
