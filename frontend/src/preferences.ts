/** How this reader wants numbers and times; kept in the browser. */

export interface Preferences {
  readonly speed: 'kmh' | 'mph' | 'kn';
  /** `auto`: as the browser's language has it. */
  readonly clock: 'auto' | '24' | '12';
  readonly zone: 'browser' | 'utc' | 'fleet';
  /** How new alerts make themselves known. */
  readonly toast: 'on' | 'off';
  readonly sound: 'off' | 'on';
  readonly notify: 'off' | 'on';
}

type Choices = { readonly [Name in keyof Preferences]: readonly Preferences[Name][] };

/** The first is what a reader has who chose nothing. */
export const CHOICES: Choices = {
  speed: ['kmh', 'mph', 'kn'],
  clock: ['auto', '24', '12'],
  zone: ['browser', 'utc', 'fleet'],
  toast: ['on', 'off'],
  sound: ['off', 'on'],
  notify: ['off', 'on'],
};
const STORAGE_KEY = 'fleet-preferences';

/** What cannot be read is as if it had not been chosen. */
export function parsePreferences(json: string | null): Preferences {
  const said = fieldsOf(json);
  const chosen = <T>(choices: readonly T[], value: unknown): T =>
    choices.find((choice) => choice === value) ?? (choices[0] as T);
  return {
    speed: chosen(CHOICES.speed, said.speed),
    clock: chosen(CHOICES.clock, said.clock),
    zone: chosen(CHOICES.zone, said.zone),
    toast: chosen(CHOICES.toast, said.toast),
    sound: chosen(CHOICES.sound, said.sound),
    notify: chosen(CHOICES.notify, said.notify),
  };
}

/** By its IANA name; the fleet's is given. */
export function zoneOf({ zone }: Preferences, fleetZone: string): string {
  if (zone === 'browser') return Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === 'utc' ? 'UTC' : fleetZone;
}

export function loadPreferences(): Preferences {
  return parsePreferences(localStorage.getItem(STORAGE_KEY));
}

export function savePreferences(preferences: Preferences): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(preferences));
}

function fieldsOf(json: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
