import { describe, expect, it } from 'vitest';
import type { Area } from '../../src/map/types.ts';
import {
  bodyOf,
  draftOf,
  isChanged,
  newDraft,
  slugOf,
  undo,
  withArea,
  withFields,
} from '../../src/region-editing/region-draft.ts';

function makeArea(east: number): Area {
  return {
    type: 'Polygon',
    coordinates: [
      [
        [11, 57],
        [east, 57],
        [east, 58],
        [11, 57],
      ],
    ],
  };
}

const kept = {
  etag: '"1"',
  region: { slug: 'haga', name: 'Haga', colour: '#112233', polygon: makeArea(12) },
};

describe('a new draft', () => {
  it('sends all, and a slug only where somebody chose one', () => {
    const draft = withArea(withFields(newDraft(), { name: ' Haga ' }), makeArea(12));
    expect(bodyOf(draft)).toEqual({ name: 'Haga', colour: draft.colour, polygon: makeArea(12) });
    expect(bodyOf(withFields(draft, { slug: 'h' })).slug).toBe('h');
  });

  it('is nothing to keep until something was done', () => {
    expect(isChanged(newDraft())).toBe(false);
    expect(isChanged(withFields(newDraft(), { name: 'Haga' }))).toBe(true);
    expect(isChanged(withArea(newDraft(), makeArea(12)))).toBe(true);
  });
});

describe('a draft of what is kept', () => {
  it('sends what differs', () => {
    const draft = draftOf(kept);
    expect(isChanged(draft)).toBe(false);
    expect(bodyOf(withFields(draft, { colour: '#000000' }))).toEqual({ colour: '#000000' });
    expect(bodyOf(withArea(draft, makeArea(13)))).toEqual({ polygon: makeArea(13) });
    expect(isChanged(withFields(withFields(draft, { name: 'x' }), { name: 'Haga' }))).toBe(false);
  });

  it('goes back change by change, and no further than to the beginning', () => {
    const changed = withArea(withArea(draftOf(kept), makeArea(13)), makeArea(14));
    expect(undo(changed).area).toEqual(makeArea(13));
    expect(isChanged(undo(undo(changed)))).toBe(false);
    expect(undo(undo(undo(changed)))).toEqual(draftOf(kept));
  });

  it('keeps its fields when its area goes back', () => {
    const draft = withFields(withArea(draftOf(kept), makeArea(13)), { name: 'New' });
    expect(undo(draft).name).toBe('New');
  });
});

describe('a slug', () => {
  it.each([
    ['Påskberget östra', 'paskberget-ostra'],
    ['  Haga & Linné!  ', 'haga-linne'],
    ['東京', 'region'],
    ['-', 'region'],
    ['a'.repeat(70), 'a'.repeat(60)],
  ])('of %s is %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
});
