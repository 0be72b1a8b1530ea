import { afterEach, describe, expect, it, vi } from 'vitest';
import { cornersOf, loadRegions } from '../src/regions.ts';

it('takes corners from every outline and turns them round, since GeoJSON says the longitude first', () => {
  const ring = [
    [11, 57],
    [12, 58],
  ];
  const one = {
    slug: 'a',
    name: 'A',
    colour: '#000',
    polygon: { type: 'Polygon' as const, coordinates: [ring, [[0, 0]]] },
  };
  const two = { ...one, polygon: { type: 'MultiPolygon' as const, coordinates: [[ring], [[[13, 59]]]] } };
  const corners = [
    { lat: 57, lon: 11 },
    { lat: 58, lon: 12 },
  ];
  expect(cornersOf([one, two])).toEqual([...corners, ...corners, { lat: 59, lon: 13 }]);
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
    serve({ '/r': { items: [a], next: 'c1' }, '/r?cursor=c1': { items: [b], next: null } });
    expect(await loadRegions('/r')).toEqual([a, b]);
  });

  it('refuses what is not a region', async () => {
    serve({ '/r': { items: [{ slug: 'a', name: 'A', colour: '#000', polygon: null }], next: null } });
    await expect(loadRegions('/r')).rejects.toThrow('other than agreed');
  });

  it('says which address failed', async () => {
    serve({});
    await expect(loadRegions('/r')).rejects.toThrow('/r answered 404');
  });
});
