/** Times as this reader wants them, on the pages without a config: their document names the fleet's zone. */
import { setFormats } from './format.ts';
import { loadPreferences, zoneOf } from './preferences.ts';

/** Once a page; the reader's zone by its IANA name. */
export function readFormats(): string {
  const preferences = loadPreferences();
  const fleetZone = document.documentElement.dataset.fleetZone ?? 'UTC';
  setFormats(preferences, fleetZone);
  return zoneOf(preferences, fleetZone);
}
