import { describe, expect, it } from 'vitest';
import { bodyOfRule, fieldsOfRule, isRule, newFields, type Rule, ruleText } from '../../src/rules/rule.ts';

const KMH = 3.6;
const DWELL: Rule = {
  ...{ id: 1, name: 'Long', kind: 'dwell', vehicles: [], limit_s: 5400, limit_mps: null },
  ...{ from_time: null, to_time: null, days: '12345', time_zone: 'UTC', active: true },
};
const SPEED: Rule = {
  ...DWELL,
  kind: 'speed',
  limit_s: null,
  limit_mps: 8.333,
  vehicles: ['van', 'bus'],
};
const HOURS: Rule = {
  ...DWELL,
  ...{ kind: 'hours', limit_s: null, from_time: '22:00:00', to_time: '06:30:00', days: '67' },
  ...{ time_zone: 'Europe/Stockholm', active: false },
};

const OFFLINE: Rule = { ...DWELL, kind: 'offline', limit_s: 900 };

describe('a rule', () => {
  it.each([
    [DWELL, 'no longer than 90 min'],
    [OFFLINE, 'silent for no longer than 15 min'],
    [SPEED, 'no faster than 30 km/h · 2 vehicles'],
    [HOURS, 'inside from 22:00 to 06:30, Sat Sun, Europe/Stockholm · not in use'],
    [{ ...HOURS, days: '1234567', active: true }, 'inside from 22:00 to 06:30, every day, Europe/Stockholm'],
  ])('is told in words: %#', (rule, text) => {
    expect(ruleText(rule, KMH, 'km/h')).toBe(text);
  });

  it.each([DWELL, HOURS, OFFLINE])('that is not changed is sent as it was: %#', (rule) => {
    const { name, kind, limit_s, limit_mps, active } = rule;
    const body = bodyOfRule(fieldsOfRule(rule, KMH), KMH);
    expect(body).toMatchObject({ name, kind, limit_s, limit_mps, active });
    expect(body.from_time ?? null).toBe(rule.from_time?.slice(0, 5) ?? null);
  });

  it('is sent with what its kind needs alone', () => {
    const fields = { ...newFields('speed', 'UTC'), name: ' Slow ', speed: '30,6' };
    expect(bodyOfRule(fields, KMH)).toEqual({
      ...{
        name: 'Slow',
        kind: 'speed',
        active: true,
        limit_s: null,
        limit_mps: 8.5,
        from_time: null,
        to_time: null,
      },
    });
  });

  it('that lacks its limit is left to the server to refuse', () => {
    expect(bodyOfRule({ ...newFields('dwell', 'UTC'), minutes: 'long' }, KMH).limit_s).toBe(0);
  });

  it('is told from everything else', () => {
    expect([DWELL, SPEED, HOURS, OFFLINE].every(isRule)).toBe(true);
    expect([null, {}, { ...DWELL, kind: 'parade' }, { ...DWELL, days: 5 }].some(isRule)).toBe(false);
  });
});
