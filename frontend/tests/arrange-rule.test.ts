import { describe, expect, it } from 'vitest';
import { isTimeToArrange } from '../src/arrange-rule.ts';

describe('isTimeToArrange', () => {
  const facts = { nowMs: 10_000, arrangedAtMs: 9500, isAsked: false, hasNewMembers: false, isHeld: false };

  it.each([
    [true, { isAsked: true, isHeld: true }],
    [false, { hasNewMembers: true }],
    [true, { hasNewMembers: true, arrangedAtMs: 9000, isHeld: true }],
    [false, { arrangedAtMs: 8000 }],
    [true, { arrangedAtMs: 7000 }],
    [false, { arrangedAtMs: 0, isHeld: true }],
  ])('is %s with %o', (isTime, more) => {
    expect(isTimeToArrange({ ...facts, ...more })).toBe(isTime);
  });
});
