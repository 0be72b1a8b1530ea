/** The rules of a region, or of the fleet, as the server keeps them, in words, and what a filled form makes of one. Pure. */
import { isListOf, isNumber, isNumberOrNull, isRecord, isText, isTextOrNull } from '../guards.ts';
import { counted, locale, t } from '../texts.ts';

/** Those that belong to a region, and those that belong to none. */
export const REGION_KINDS = ['dwell', 'speed', 'hours'] as const;
export const FLEET_KINDS = ['offline'] as const;
export type RuleKind = (typeof REGION_KINDS | typeof FLEET_KINDS)[number];

export interface Rule {
  readonly id: number;
  readonly name: string;
  readonly kind: RuleKind;
  /** Slugs; none: for all. */
  readonly vehicles: readonly string[];
  readonly limit_s: number | null;
  readonly limit_mps: number | null;
  /** As `08:30:00`. */
  readonly from_time: string | null;
  readonly to_time: string | null;
  /** Digits from 1, Monday. */
  readonly days: string;
  readonly time_zone: string;
  readonly active: boolean;
}

/** As it is typed; the limits in minutes and in the reader's unit of speed. */
export interface RuleFields {
  readonly name: string;
  readonly kind: RuleKind;
  readonly minutes: string;
  readonly speed: string;
  readonly from: string;
  readonly to: string;
  readonly days: string;
  readonly zone: string;
  readonly active: boolean;
}

/** From Monday, as the reader's language writes them. */
export function dayNames(): readonly string[] {
  const format = new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2024, 0, 1 + day)));
}

export function isRule(value: unknown): value is Rule {
  if (!isRecord(value)) return false;
  const { id, name, kind, vehicles, limit_s, limit_mps, from_time, to_time, days, time_zone, active } = value;
  return (
    isNumber(id) &&
    [name, days, time_zone].every(isText) &&
    [...REGION_KINDS, ...FLEET_KINDS].some((known) => known === kind) &&
    isListOf(vehicles, isText) &&
    [limit_s, limit_mps].every(isNumberOrNull) &&
    [from_time, to_time].every(isTextOrNull) &&
    typeof active === 'boolean'
  );
}

/** What is sent; what the kind does not need is taken away. `perMps`: the reader's units of speed in a metre a second. */
export function bodyOfRule(fields: RuleFields, perMps: number): Record<string, unknown> {
  const { name, kind, days, zone, active } = fields;
  const limits = {
    limit_s: kind === 'dwell' || kind === 'offline' ? Math.round(numberOf(fields.minutes) * 60) : null,
    limit_mps: kind === 'speed' ? Math.round((numberOf(fields.speed) / perMps) * 1000) / 1000 : null,
    from_time: kind === 'hours' ? fields.from || null : null,
    to_time: kind === 'hours' ? fields.to || null : null,
  };
  const hours = kind === 'hours' ? { days, time_zone: zone } : {};
  return { name: name.trim(), kind, active, ...limits, ...hours };
}

/** An empty field is 0, which the server refuses with its reason. */
function numberOf(text: string): number {
  const number = Number(text.replace(',', '.'));
  return Number.isFinite(number) ? number : 0;
}

export function fieldsOfRule(rule: Rule, perMps: number): RuleFields {
  return {
    name: rule.name,
    kind: rule.kind,
    minutes: rule.limit_s === null ? '' : shortNumber(rule.limit_s / 60),
    speed: rule.limit_mps === null ? '' : shortNumber(rule.limit_mps * perMps),
    from: (rule.from_time ?? '').slice(0, 5),
    to: (rule.to_time ?? '').slice(0, 5),
    days: rule.days,
    zone: rule.time_zone,
    active: rule.active,
  };
}

export function newFields(kind: RuleKind, zone: string): RuleFields {
  return {
    name: '',
    kind,
    minutes: '30',
    speed: '',
    from: '08:00',
    to: '17:00',
    days: '12345',
    zone,
    active: true,
  };
}

function shortNumber(number: number): string {
  return String(Math.round(number * 10) / 10);
}

/** `no longer than 30 min`. */
export function ruleText(rule: Rule, perMps: number, unit: string): string {
  const { minutes, speed, from, to, days, zone } = fieldsOfRule(rule, perMps);
  const what = {
    dwell: t('no longer than {minutes} min', { minutes }),
    speed: t('no faster than {speed}', { speed: `${speed} ${unit}` }),
    hours: t('inside from {from} to {to}, {days}, {zone}', { from, to, days: daysText(days), zone }),
    offline: t('silent for no longer than {minutes} min', { minutes }),
  }[rule.kind];
  const count = rule.vehicles.length;
  const whose = count === 0 ? [] : [counted('{count} vehicle', '{count} vehicles', count)];
  return [what, ...whose, ...(rule.active ? [] : [t('not in use')])].join(' · ');
}

function daysText(days: string): string {
  const names = dayNames();
  if (days.length === 7) return t('every day');
  return [...days].map((digit) => names[Number(digit) - 1]).join(' ');
}
