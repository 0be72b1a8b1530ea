import { afterEach, describe, expect, it, vi } from 'vitest';
import { boundsOf, loadRegions } from '../src/regions.ts';

it('finds the bounds of polygons, west first', () => {
  const polygon = {
    type: 'Polygon' as const,
    coordinates: [
      [
        [11, 57],
        [12, 57],
        [12, 58],
        [11, 57],
      ],
    ],
  };
  expect(boundsOf([{ slug: 'a', name: 'A', colour: '#000', polygon }])).toEqual({
    west: 11,
    south: 57,
    east: 12,
    north: 58,
  });
  expect(boundsOf([])).toBeNull();
});

const polygon = { type: 'Polygon', coordinates: [] };

function serve(pages: Record<string, unknown>): void {
  vi.stubGlobal(
    'fetch',
    async (url: string) => new Response(JSON.stringify(pages[url]), { status: url in pages ? 200 : 404 }),
  );
}

describe('loadRegions', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('asks page after page', async () => {
    const [a, b] = ['a', 'b'].map((slug) => ({ slug, name: slug, colour: '#000', polygon }));
    serve({ '/r': { items: [a], next: '/r?2' }, '/r?2': { items: [b], next: null } });
    expect(await loadRegions('/r')).toEqual([a, b]);
  });

  it('refuses what is not a region', async () => {
    serve({ '/r': { items: [{ slug: 'a', name: 'A', colour: '#000', polygon: null }], next: null } });
    await expect(loadRegions('/r')).rejects.toThrow('other than regions');
  });

  it('says which address failed', async () => {
    serve({});
    await expect(loadRegions('/r')).rejects.toThrow('/r answered 404');
  });
});
