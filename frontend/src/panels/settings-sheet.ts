/** Language, units, clock and zone, asked for by menu or key; what is chosen holds for the whole page, so it begins anew. */
import { chooseLanguage, chosenLanguage, isLanguage, LANGUAGES } from '../language.ts';
import { CHOICES, loadPreferences, type Preferences, savePreferences } from '../preferences.ts';
import { type Marked, mark, t } from '../texts.ts';
import { h } from './dom.ts';

type Name = keyof Preferences;

const TITLES: Readonly<Record<Name, Marked>> = {
  speed: mark('Speed'),
  clock: mark('Clock'),
  zone: mark('Time zone'),
};
const AS_BROWSER = mark('As the browser');
const SAID: Readonly<Record<Preferences[Name], Marked>> = {
  kmh: mark('km/h'),
  mph: mark('mph'),
  kn: mark('knots'),
  auto: AS_BROWSER,
  '24': mark('24 hours'),
  '12': mark('12 hours'),
  browser: mark('This browser'),
  utc: mark('UTC'),
  fleet: mark('Fleet'),
};

export class SettingsSheet {
  readonly #dialog: HTMLDialogElement;
  readonly #language = h('select', {}, h('option', { value: '' }, t(AS_BROWSER)), ...languageOptions());
  readonly #selects: Readonly<Record<Name, HTMLSelectElement>>;

  constructor(fleetZone: string, onChange: () => void) {
    const zones = { browser: Intl.DateTimeFormat().resolvedOptions().timeZone, utc: '', fleet: fleetZone };
    this.#selects = {
      speed: select(CHOICES.speed, () => ''),
      clock: select(CHOICES.clock, () => ''),
      zone: select(CHOICES.zone, (zone) => zones[zone]),
    };
    const rows = (Object.keys(TITLES) as Name[]).map((name) =>
      h('label', {}, h('span', {}, t(TITLES[name])), this.#selects[name]),
    );
    this.#dialog = h(
      'dialog',
      { class: 'sheet settings-sheet', 'aria-label': t('Settings') },
      h('h2', {}, t('Settings')),
      h('p', {}, t('Kept in this browser.')),
      h('label', {}, h('span', {}, t('Language')), this.#language),
      ...rows,
      h(
        'form',
        { method: 'dialog' },
        h('button', { class: 'button is-main', value: 'save' }, t('Save')),
        h('button', { class: 'button', value: 'cancel' }, t('Cancel')),
      ),
    );
    this.#dialog.addEventListener('close', () => {
      if (this.#dialog.returnValue !== 'save') return;
      savePreferences(this.#chosen);
      chooseLanguage(isLanguage(this.#language.value) ? this.#language.value : null);
      onChange();
    });
    document.body.append(this.#dialog);
  }

  open(): void {
    const preferences = loadPreferences();
    this.#language.value = chosenLanguage(document.cookie) ?? '';
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
    const said = t(SAID[choice]);
    return h('option', { value: choice }, more === '' ? said : `${said} (${more})`);
  });
  return h('select', {}, ...options);
}

/** Each in itself, for who cannot read the others. */
function languageOptions(): HTMLOptionElement[] {
  return Object.entries(LANGUAGES).map(([value, name]) => h('option', { value, lang: value }, name));
}
