import { describe, expect, it } from 'vitest';
import { questionOf } from '../../src/audit/look.ts';

const ask = (query: string): Readonly<Record<string, string>> =>
  questionOf(new URLSearchParams(query), 'UTC');

describe('what is asked for', () => {
  it('is the whole of both days', () => {
    expect(ask('user=+anna+&first=2026-03-01&last=2026-03-02')).toEqual({
      user: 'anna',
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-03-03T00:00:00.000Z',
    });
  });

  it('is the same when the days stand the wrong way round', () => {
    expect(ask('first=2026-03-02&last=2026-03-01')).toEqual(ask('first=2026-03-01&last=2026-03-02'));
  });

  it('is open where a day is missing', () => {
    expect(ask('last=2026-03-01')).toEqual({ to: '2026-03-02T00:00:00.000Z' });
    expect(ask('first=2026-03-01&last=never')).toEqual({ from: '2026-03-01T00:00:00.000Z' });
  });
});
