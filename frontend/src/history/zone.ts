/** Days of a time zone: where they begin, and which one an instant lies in. A day is written `2026-11-26`. Pure. */

const DAY_MS = 86_400_000;

export function isDay(text: string): boolean {
  const timeMs = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(timeMs) && dayOfUtc(timeMs) === text;
}

export function dayOf(timeMs: number, zone: string): string {
  return dayOfUtc(timeMs + offsetMs(timeMs, zone));
}

/** The instant at which the clocks there show this hour of the day; with 0 the day's beginning. */
export function instantOf(day: string, hour: number, zone: string): number {
  const wallMs = Date.parse(`${day}T00:00:00Z`) + hour * 3_600_000;
  const firstMs = wallMs - offsetMs(wallMs, zone);
  return wallMs - offsetMs(firstMs, zone);
}

/** What the clocks there show, to the minute: `2026-11-26T08:30`. */
export function wallTextOf(timeMs: number, zone: string): string {
  return new Date(timeMs + offsetMs(timeMs, zone)).toISOString().slice(0, 16);
}

/** The instant at which they show it; null for another text. */
export function instantOfWall(text: string, zone: string): number | null {
  const [day = '', clock = ''] = text.split('T', 2);
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)/.exec(clock) ?? [];
  if (!isDay(day) || hours === undefined) return null;
  return Math.round(instantOf(day, Number(hours) + Number(minutes) / 60, zone));
}

export function addDays(day: string, days: number): string {
  return dayOfUtc(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

/** From the first to the last, both of them in it. */
export function daysOf(first: string, last: string): readonly string[] {
  const days = Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS);
  return Array.from({ length: Math.max(0, days + 1) }, (_, i) => addDays(first, i));
}

function dayOfUtc(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** How far the clocks there are ahead of UTC's. */
function offsetMs(timeMs: number, zone: string): number {
  const parts = wallClock(zone).formatToParts(timeMs);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const wallMs = Date.UTC(
    ...([part('year'), part('month') - 1, part('day')] as const),
    ...([part('hour'), part('minute'), part('second')] as const),
  );
  return wallMs - Math.floor(timeMs / 1_000) * 1_000;
}

/** Making one costs a hundred times what using it does. */
function wallClock(zone: string): Intl.DateTimeFormat {
  const known = wallClocks.get(zone);
  if (known !== undefined) return known;
  const two = '2-digit' as const;
  const clock = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: two, day: two },
    ...{ hour: two, minute: two, second: two },
  });
  wallClocks.set(zone, clock);
  return clock;
}

const wallClocks = new Map<string, Intl.DateTimeFormat>();
