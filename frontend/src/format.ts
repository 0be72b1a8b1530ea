/** Numbers as the reader wants to read them. The only place where units other than SI exist. */
import { type Preferences, parsePreferences } from './preferences.ts';
import { locale, numberText, t } from './texts.ts';

export const UNKNOWN_TEXT = '–';
const SPEED_UNITS: Readonly<Record<Preferences['speed'], readonly [name: string, perMps: number]>> = {
  kmh: ['km/h', 3.6],
  mph: ['mph', 3600 / 1609.344],
  kn: ['kn', 3600 / 1852],
};
/** A small one and a large one. */
const DISTANCE_UNITS: Readonly<Record<Preferences['speed'], readonly Unit[]>> = {
  kmh: [
    ['m', 1],
    ['km', 1000],
  ],
  mph: [
    ['ft', 0.3048],
    ['mi', 1609.344],
  ],
  kn: [
    ['m', 1],
    ['nmi', 1852],
  ],
};
type Unit = readonly [name: string, metres: number];
const LARGEST_SMALL = 1000;

/** Short enough for a row, by signs that all languages share: `0 s`, `59 s`, `12 min`, `5 h`, `3 d`. A fix from the future is 0 s old. */
export function ageText(ageMs: number): string {
  const age_s = Math.max(0, Math.floor(ageMs / 1000));
  if (age_s < 60) return `${age_s} s`;
  if (age_s < 3600) return `${Math.floor(age_s / 60)} min`;
  if (age_s < 86_400) return `${Math.floor(age_s / 3600)} h`;
  return `${Math.floor(age_s / 86_400)} d`;
}

export function speedText(speedMps: number | null): string {
  return speedMps === null ? UNKNOWN_TEXT : `${speedNumber(speedMps)} ${speedUnit()}`;
}

export function speedNumber(speedMps: number): number {
  return Math.round(speedMps * SPEED_UNITS[reader.speed][1]);
}

/** How many of the reader's units of speed a metre a second is. */
export function speedPerMps(): number {
  return SPEED_UNITS[reader.speed][1];
}

export function speedUnit(): string {
  return SPEED_UNITS[reader.speed][0];
}

/** Three figures or so: `840 m`, `1.52 km`, `34.1 km`. */
export function distanceText(distanceM: number): string {
  const [[smallName, smallM], [name, metres]] = DISTANCE_UNITS[reader.speed] as [Unit, Unit];
  const small = Math.round(distanceM / smallM);
  if (small < LARGEST_SMALL) return `${small} ${smallName}`;
  const large = distanceM / metres;
  return `${numberText(large, large < 10 ? 2 : large < 100 ? 1 : 0)} ${name}`;
}

export function courseText(courseDeg: number | null): string {
  if (courseDeg === null) return UNKNOWN_TEXT;
  const deg = ((courseDeg % 360) + 360) % 360;
  const compass = t('N NE E SE S SW W NW').split(' ');
  return `${compass[Math.round(deg / 45) % 8]} ${Math.round(deg) % 360}°`;
}

/** Five decimals are about a metre; as programs read them, whatever the language. */
export function positionText(lat: number, lon: number): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

export function behindText(behindMs: number): string {
  const behind_s = behindMs / 1000;
  return behind_s < 10 ? `${numberText(behind_s, 1)} s` : ageText(behindMs);
}

export function countText(count: number): string {
  return numberText(count);
}

/** The watch on the reader's wall, or wherever the reader wants it to hang. */
export function clockText(timeMs: number): string {
  return clocks().second.format(timeMs);
}

export function minuteText(timeMs: number): string {
  return clocks().minute.format(timeMs);
}

/** `0 min`, `28 min`, `1 h 05 min`, `27 h 30 min`; below a minute in seconds. */
export function durationText(durationS: number): string {
  if (durationS > 0 && durationS < 59.5) return `${Math.round(durationS)} s`;
  const minutes = Math.round(durationS / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `Thu 26 Nov`; of another year with it. */
export function shortDayText(timeMs: number, nowMs = Date.now()): string {
  const { year, shortDay, shortDayOfYear } = clocks();
  const isThisYear = year.format(timeMs) === year.format(nowMs);
  return (isThisYear ? shortDay : shortDayOfYear).format(timeMs);
}

/** `Thu 26 Nov`, among days of a range that stands beside it with its year. */
export function dayOfRangeText(timeMs: number): string {
  return clocks().shortDay.format(timeMs);
}

/** With its year: it may be read much later. */
export function dayText(timeMs: number): string {
  return clocks().day.format(timeMs);
}

/** The watch's time today, else the day. */
export function momentText(timeMs: number, nowMs: number): string {
  return dayText(timeMs) === dayText(nowMs) ? clockText(timeMs) : dateAndTimeText(timeMs);
}

/** With its date also today, where moments of many days stand together. */
export function dateAndTimeText(timeMs: number): string {
  return clocks().moment.format(timeMs);
}

/** Once a page; the fleet's zone is the name that IANA gives it. */
export function setFormats(preferences: Preferences, fleetZone: string): void {
  reader = preferences;
  home = fleetZone;
  made = null;
}

/** Names that sort as people count: `Bus 2` before `Bus 10`. */
export function sortKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(8, '0'));
}

const SHORT_DAY: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };

interface Clocks {
  readonly second: Intl.DateTimeFormat;
  readonly minute: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
  readonly shortDay: Intl.DateTimeFormat;
  readonly shortDayOfYear: Intl.DateTimeFormat;
  readonly year: Intl.DateTimeFormat;
  readonly moment: Intl.DateTimeFormat;
}

/** Making one costs a hundred times what using it does. */
function clocks(): Clocks {
  made ??= makeClocks(reader, home);
  return made;
}

function makeClocks({ clock, zone }: Preferences, fleetZone: string): Clocks {
  const hours = { hourCycle: clock === 'auto' ? browsersHours() : clock === '12' ? 'h12' : 'h23' } as const;
  const place = zone === 'browser' ? {} : { timeZone: zone === 'utc' ? 'UTC' : fleetZone };
  const make = (shown: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale(), { ...shown, ...hours, ...place });
  return {
    second: make({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    minute: make({ hour: '2-digit', minute: '2-digit' }),
    day: make({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: make(SHORT_DAY),
    shortDayOfYear: make({ ...SHORT_DAY, year: 'numeric' }),
    year: make({ year: 'numeric' }),
    moment: make({ dateStyle: 'short', timeStyle: 'short' }),
  };
}

/** As the browser's own language has it, whichever is read here. */
function browsersHours(): 'h11' | 'h12' | 'h23' | 'h24' {
  return new Intl.DateTimeFormat([], { hour: 'numeric' }).resolvedOptions().hourCycle ?? 'h23';
}

/** Like the language, a matter of the whole page. */
let reader = parsePreferences(null);
let home = 'UTC';
let made: Clocks | null = null;
