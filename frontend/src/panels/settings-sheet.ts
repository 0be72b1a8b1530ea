/** Units, clock and zone, asked for by menu or key; what is chosen holds for the whole page, so it begins anew. */
import { CHOICES, loadPreferences, type Preferences, savePreferences } from '../preferences.ts';
import { h } from './dom.ts';

type Name = keyof Preferences;

const TITLES: Readonly<Record<Name, string>> = { speed: 'Speed', clock: 'Clock', zone: 'Time zone' };
const SAID: Readonly<Record<Preferences[Name], string>> = {
  kmh: 'km/h',
  mph: 'mph',
  kn: 'knots',
  auto: 'As the browser',
  '24': '24 hours',
  '12': '12 hours',
  browser: 'This browser',
  utc: 'UTC',
  fleet: 'Fleet',
};

export class SettingsSheet {
  readonly #dialog: HTMLDialogElement;
  readonly #selects: Readonly<Record<Name, HTMLSelectElement>>;

  constructor(fleetZone: string, onChange: () => void) {
    const zones = { browser: Intl.DateTimeFormat().resolvedOptions().timeZone, utc: '', fleet: fleetZone };
    this.#selects = {
      speed: select(CHOICES.speed, () => ''),
      clock: select(CHOICES.clock, () => ''),
      zone: select(CHOICES.zone, (zone) => zones[zone]),
    };
    const rows = (Object.keys(TITLES) as Name[]).map((name) =>
      h('label', {}, h('span', {}, TITLES[name]), this.#selects[name]),
    );
    this.#dialog = h(
      'dialog',
      { class: 'sheet settings-sheet', 'aria-label': 'Settings' },
      h('h2', {}, 'Settings'),
      h('p', {}, 'Kept in this browser.'),
      ...rows,
      h(
        'form',
        { method: 'dialog' },
        h('button', { class: 'button is-main', value: 'save' }, 'Save'),
        h('button', { class: 'button', value: 'cancel' }, 'Cancel'),
      ),
    );
    this.#dialog.addEventListener('close', () => {
      if (this.#dialog.returnValue !== 'save') return;
      savePreferences(this.#chosen);
      onChange();
    });
    document.body.append(this.#dialog);
  }

  open(): void {
    const preferences = loadPreferences();
    for (const name of Object.keys(TITLES) as Name[]) this.#selects[name].value = preferences[name];
    this.#dialog.returnValue = '';
    this.#dialog.showModal();
  }

  get #chosen(): Preferences {
    const { speed, clock, zone } = this.#selects;
    return {
      speed: speed.value as Preferences['speed'],
      clock: clock.value as Preferences['clock'],
      zone: zone.value as Preferences['zone'],
    };
  }
}

function select<T extends Preferences[Name]>(
  choices: readonly T[],
  note: (choice: T) => string,
): HTMLSelectElement {
  const options = choices.map((choice) => {
    const more = note(choice);
    return h('option', { value: choice }, more === '' ? SAID[choice] : `${SAID[choice]} (${more})`);
  });
  return h('select', {}, ...options);
}
