/** Numbers as people read them. The only place where units other than SI exist. */

export const UNKNOWN_TEXT = '–';
const COMPASS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'] as const;

/** Short enough for a row: `0 s`, `59 s`, `12 min`, `5 h`, `3 d`. A fix from the future is 0 s old. */
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
  return Math.round(speedMps * 3.6);
}

export function speedUnit(): string {
  return 'km/h';
}

export function courseText(courseDeg: number | null): string {
  if (courseDeg === null) return UNKNOWN_TEXT;
  const deg = ((courseDeg % 360) + 360) % 360;
  return `${COMPASS[Math.round(deg / 45) % 8]} ${Math.round(deg) % 360}°`;
}

/** Five decimals are about a metre. */
export function positionText(lat: number, lon: number): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

export function behindText(behindMs: number): string {
  const behind_s = behindMs / 1000;
  return behind_s < 10 ? `${behind_s.toFixed(1)} s` : ageText(behindMs);
}

export function countText(count: number): string {
  return count.toLocaleString();
}

/** The watch on the reader's wall. */
export function clockText(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

export function minuteText(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

export function dayText(timeMs: number): string {
  return new Date(timeMs).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' });
}

/** The watch's time today, else the day. */
export function momentText(timeMs: number, nowMs: number): string {
  const isToday = new Date(timeMs).toDateString() === new Date(nowMs).toDateString();
  if (isToday) return clockText(timeMs);
  return new Date(timeMs).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' });
}

/** Names that sort as people count: `Bus 2` before `Bus 10`. */
export function sortKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(8, '0'));
}
