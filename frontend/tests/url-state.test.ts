import { describe, expect, it } from 'vitest';
import { formatUrlState, parseUrlState } from '../src/url-state.ts';

describe('the address', () => {
  it('comes back as it went', () => {
    const query =
      '?region=haga,majorna&vehicle=bus-1&group=bus-1,bus-2&q=abc+%26+1&status=alarm,stale&list=view&sort=name&units=kn&names=on&trails=all&at=13.5/57.70000/11.96000';
    expect(formatUrlState(parseUrlState(query))).toBe(query);
  });

  it('is empty when there is nothing to say', () => {
    expect(formatUrlState(parseUrlState(''))).toBe('');
  });

  it.each([
    '?at=',
    '?at=13',
    '?at=99/57/12',
    '?at=1/2/x',
    '?at=1//2',
    '?status=asleep',
    '?sort=age',
    '?units=ell',
  ])('ignores %s', (query) => {
    expect(parseUrlState(query)).toEqual(parseUrlState(''));
  });
});
