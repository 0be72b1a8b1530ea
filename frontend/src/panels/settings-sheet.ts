/** Language, units, clock, zone, and how alerts make themselves known; asked for by menu or key. */
import { CHOICES, loadPreferences, type Preferences, savePreferences } from '../preferences.ts';
import { type Marked, mark, t } from '../texts.ts';
import { h } from './dom.ts';
import { LanguageSelect } from './language-select.ts';

/** Hold for the whole page, which begins anew when one of them changes. */
type Format = 'speed' | 'clock' | 'zone';
type Call = 'toast' | 'sound' | 'notify';

const TITLES: Readonly<Record<Format, Marked>> = {
  speed: mark('Speed'),
  clock: mark('Clock'),
  zone: mark('Time zone'),
};
const FORMATS = Object.keys(TITLES) as Format[];
const AS_BROWSER = mark('As the browser');
const SAID: Readonly<Record<Preferences[Format], Marked>> = {
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

const CALL_TITLES: Readonly<Record<Call, Marked>> = {
  toast: mark('Show on the map'),
  sound: mark('Play a sound'),
  notify: mark('Notify me while I look elsewhere'),
};
const CALLS = Object.keys(CALL_TITLES) as Call[];

export interface SettingsOptions {
  readonly fleetZone: string;
  /** The page has to begin anew. */
  onFormats(): void;
  /** Left out where alerts do not come. */
  readonly calls?: {
    /** So that one hears what it is like. */
    onSound(): void;
    /** Says whether the browser allows it. */
    onNotify(): Promise<boolean>;
  };
}

export class SettingsSheet {
  readonly #dialog: HTMLDialogElement;
  readonly #language = new LanguageSelect(t(AS_BROWSER));
  readonly #selects: Readonly<Record<Format, HTMLSelectElement>>;
  readonly #boxes: Readonly<Record<Call, HTMLInputElement>> = { toast: box(), sound: box(), notify: box() };
  readonly #refusal = h('p', { class: 'settings-refusal', role: 'status' });
  readonly #options: SettingsOptions;

  constructor(options: SettingsOptions) {
    this.#options = options;
    const browser = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const zones = { browser, utc: '', fleet: options.fleetZone };
    this.#selects = {
      speed: select(CHOICES.speed, () => ''),
      clock: select(CHOICES.clock, () => ''),
      zone: select(CHOICES.zone, (zone) => zones[zone]),
    };
    const rows = FORMATS.map((name) => h('label', {}, h('span', {}, t(TITLES[name])), this.#selects[name]));
    this.#dialog = h(
      'dialog',
      { class: 'sheet settings-sheet', 'aria-label': t('Settings') },
      h('h2', {}, t('Settings')),
      h('p', {}, t('Kept in this browser.')),
      h('label', {}, h('span', {}, t('Language')), this.#language.element),
      ...rows,
      h(
        'fieldset',
        { hidden: options.calls === undefined },
        h('legend', {}, t('New alerts')),
        ...CALLS.map((name) => h('label', {}, this.#boxes[name], h('span', {}, t(CALL_TITLES[name])))),
        this.#refusal,
      ),
      h(
        'form',
        { method: 'dialog' },
        h('button', { class: 'button is-main', value: 'save' }, t('Save')),
        h('button', { class: 'button', value: 'cancel' }, t('Cancel')),
      ),
    );
    this.#listen();
    document.body.append(this.#dialog);
  }

  open(): void {
    const preferences = loadPreferences();
    this.#language.restore();
    for (const name of FORMATS) this.#selects[name].value = preferences[name];
    for (const name of CALLS) this.#boxes[name].checked = preferences[name] === 'on';
    this.#refusal.textContent = '';
    this.#dialog.returnValue = '';
    this.#dialog.showModal();
  }

  #listen(): void {
    const { sound, notify } = this.#boxes;
    sound.addEventListener('change', () => sound.checked && this.#options.calls?.onSound());
    notify.addEventListener('change', () => void this.#allow());
    this.#dialog.addEventListener('close', () => this.#dialog.returnValue === 'save' && this.#save());
  }

  async #allow(): Promise<void> {
    const { notify } = this.#boxes;
    this.#refusal.textContent = '';
    if (!notify.checked || (await this.#options.calls?.onNotify())) return;
    notify.checked = false;
    this.#refusal.textContent = t('The browser does not allow notifications of this page.');
  }

  #save(): void {
    const before = loadPreferences();
    savePreferences(this.#chosen);
    const isOther = this.#language.save();
    if (isOther || FORMATS.some((name) => this.#chosen[name] !== before[name])) this.#options.onFormats();
  }

  get #chosen(): Preferences {
    const { speed, clock, zone } = this.#selects;
    const { toast, sound, notify } = this.#boxes;
    return {
      speed: speed.value as Preferences['speed'],
      clock: clock.value as Preferences['clock'],
      zone: zone.value as Preferences['zone'],
      toast: toast.checked ? 'on' : 'off',
      sound: sound.checked ? 'on' : 'off',
      notify: notify.checked ? 'on' : 'off',
    };
  }
}

function box(): HTMLInputElement {
  return h('input', { type: 'checkbox' });
}

function select<T extends Preferences[Format]>(
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
