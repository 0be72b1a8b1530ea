import { describe, expect, it } from 'vitest';
import { formatHistoryAddress, parseHistoryAddress } from '../../src/history/address.ts';
import {
  companyOf,
  idleSpans,
  knownSpan,
  MOST_VEHICLES,
  othersOf,
  ownOf,
  withAnother,
  withOneMore,
  withoutOne,
} from '../../src/history/company.ts';
import { atMs, makeStop, makeTrack } from './make-track.ts';

const TWO = { vehicles: ['van', 'bus'], vehicle: 'van' };

function inSeconds(spans: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  return spans.map(([fromMs, toMs]) => [(fromMs - atMs(0)) / 1_000, (toMs - atMs(0)) / 1_000] as const);
}

describe('a company of vehicles', () => {
  it('has each once, eight at most, and one that is chosen', () => {
    const nine = Array.from({ length: MOST_VEHICLES + 1 }, (_, i) => `bus-${i}`);
    expect(companyOf([...nine, 'bus-0'], null).vehicles).toEqual(nine.slice(0, MOST_VEHICLES));
    expect(companyOf(['van', 'bus'], 'ghost').vehicle).toBe('van');
    expect(companyOf([], 'van')).toEqual({ vehicles: [], vehicle: null });
  });

  it('takes one more, and keeps the chosen one', () => {
    expect(withOneMore(TWO, 'cab')).toEqual({ vehicles: ['van', 'bus', 'cab'], vehicle: 'van' });
    expect(withOneMore(TWO, 'bus')).toEqual(TWO);
  });

  it('lets one go, the chosen one too', () => {
    expect(withoutOne(TWO, 'bus')).toEqual({ vehicles: ['van'], vehicle: 'van' });
    expect(withoutOne(TWO, 'van')).toEqual({ vehicles: ['bus'], vehicle: 'bus' });
  });

  it('puts another in the place of the chosen one, or chooses one that is there', () => {
    expect(withAnother(TWO, 'cab')).toEqual({ vehicles: ['cab', 'bus'], vehicle: 'cab' });
    expect(withAnother(TWO, 'bus')).toEqual({ vehicles: ['van', 'bus'], vehicle: 'bus' });
    expect(withAnother(companyOf([], null), 'van')).toEqual({ vehicles: ['van'], vehicle: 'van' });
  });

  it('gives a vehicle that is alone no letter', () => {
    expect(ownOf({ vehicles: ['van'], vehicle: 'van' })).toBeNull();
    expect(ownOf({ ...TWO, vehicle: 'bus' })).toBe(1);
  });

  it('has others beside the chosen one, each in its own place', () => {
    const company = { vehicles: ['van', 'bus', 'cab'], vehicle: 'bus' };
    expect(othersOf(company, (slug) => slug.toUpperCase())).toEqual([
      { slug: 'van', own: 0, name: 'VAN' },
      { slug: 'cab', own: 2, name: 'CAB' },
    ]);
  });

  it.each(['?vehicle=van,bus&day=2026-11-20', '?vehicle=van,bus&chosen=bus&day=2026-11-20'])(
    'is in the address: %s',
    (query) => {
      expect(formatHistoryAddress(parseHistoryAddress(query, '2026-11-26'))).toBe(query);
    },
  );
});

describe('what is skipped', () => {
  const driving = { track: makeTrack([{ at_s: 0 }, { at_s: 1_000 }]), episodes: [makeStop(200, 600)] };
  const later = { track: makeTrack([{ at_s: 500 }, { at_s: 900 }]), episodes: [makeStop(550, 800)] };

  it('of one vehicle is its stops and gaps', () => {
    expect(inSeconds(idleSpans([driving]))).toEqual([[200, 600]]);
  });

  it('of several is when none drives; one that has sent nothing does not', () => {
    expect(inSeconds(idleSpans([driving, later]))).toEqual([
      [200, 500],
      [550, 600],
    ]);
    expect(inSeconds(idleSpans([driving, { track: makeTrack([]), episodes: [] }]))).toContainEqual([
      200, 600,
    ]);
  });
});

describe('the span of all', () => {
  it('reaches from the first fix to the last', () => {
    const tracks = [
      makeTrack([{ at_s: 5 }, { at_s: 9 }]),
      makeTrack([]),
      makeTrack([{ at_s: 2 }, { at_s: 7 }]),
    ];
    expect(knownSpan(tracks)).toEqual([atMs(2), atMs(9)]);
    expect(knownSpan([makeTrack([])])).toBeNull();
  });
});
