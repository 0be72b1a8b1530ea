import { describe, expect, it } from 'vitest';
import { channelsOf, knownChoice, pickRegion, toggleRegion } from '../src/region-choice.ts';

describe('regions', () => {
  const known = ['a', 'b', 'c'];

  it('goes from region to region, and back to all', () => {
    expect(pickRegion('all', 'a')).toEqual(new Set(['a']));
    expect(pickRegion(new Set(['a']), 'b')).toEqual(new Set(['b']));
    expect(pickRegion(new Set(['a', 'b']), 'b')).toEqual(new Set(['b']));
    expect(pickRegion(new Set(['b']), 'b')).toBe('all');
  });

  it('goes from all to one, to two, and back to all', () => {
    const one = toggleRegion('all', 'a', 32);
    expect(one).toEqual(new Set(['a']));
    expect(toggleRegion(one, 'b', 32)).toEqual(new Set(['a', 'b']));
    expect(toggleRegion(one, 'a', 32)).toBe('all');
  });

  it('takes no more than the server allows', () => {
    const one = new Set(['a']);
    expect(toggleRegion(one, 'b', 1)).toBe(one);
  });

  it('joins all at once only with the right to everything', () => {
    expect(channelsOf('all', known, { everything: true, most: 32 })).toEqual(['region:all']);
    expect(channelsOf('all', known, { everything: false, most: 2 })).toEqual(['region:a', 'region:b']);
    expect(channelsOf(new Set(['c']), known, { everything: true, most: 32 })).toEqual(['region:c']);
  });

  it('drops regions that are not granted', () => {
    expect(knownChoice(['a', 'x'], new Set(known))).toEqual(new Set(['a']));
    expect(knownChoice(['x'], new Set(known))).toBe('all');
  });
});
