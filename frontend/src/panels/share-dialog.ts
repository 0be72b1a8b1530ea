/** Makes a link to a vehicle, one of its trips, or a region, and shows it once. */

import { momentText } from '../format.ts';
import { makeShare, type NewShare } from '../shares.ts';
import { type Marked, mark, t } from '../texts.ts';
import { h } from './dom.ts';

export interface ShareDialogOptions {
  readonly sharesUrl: string;
  /** The longest life. */
  readonly days: number;
}

export interface Named {
  readonly slug: string;
  readonly name: string;
}

const HOUR_S = 3600;
const LIVES: readonly (readonly [seconds: number, text: Marked])[] = [
  [HOUR_S, mark('1 hour')],
  [8 * HOUR_S, mark('8 hours')],
  [24 * HOUR_S, mark('1 day')],
  [7 * 24 * HOUR_S, mark('7 days')],
  [30 * 24 * HOUR_S, mark('30 days')],
];
const DEFAULT_LIFE_S = 8 * HOUR_S;
const COPIED_FOR_MS = 2000;

type Fields = HTMLFormControlsCollection & Record<string, HTMLInputElement | HTMLSelectElement | undefined>;

export class ShareDialog {
  readonly #options: ShareDialogOptions;
  readonly #dialog = h('dialog', { class: 'share-dialog', 'aria-labelledby': 'share-title' });

  constructor(options: ShareDialogOptions) {
    this.#options = options;
    document.body.append(this.#dialog);
  }

  shareVehicle(vehicle: Named, nowMs: number): void {
    const times = h(
      'fieldset',
      { class: 'share-trip', disabled: true, hidden: true },
      labelled(t('From'), timeInput('from', nowMs - HOUR_S * 1000)),
      labelled(t('To'), timeInput('to', nowMs)),
      check('trimmed', t('Leave out 300 m around start and end')),
    );
    const choice = h(
      'div',
      { class: 'share-kinds', role: 'radiogroup', 'aria-label': t('What') },
      radio('vehicle', t('Where it is, live'), true),
      radio('trip', t('One trip'), false),
    );
    choice.addEventListener('change', () => {
      const isTrip = choice.querySelector<HTMLInputElement>('[value=trip]')?.checked === true;
      times.hidden = times.disabled = !isTrip;
    });
    this.#ask(t('Share {name}', { name: vehicle.name }), [choice, times], (fields) => ({
      kind: fieldText(fields, 'kind') === 'trip' ? 'trip' : 'vehicle',
      vehicle: vehicle.slug,
      ...tripOf(fields),
    }));
  }

  shareRegion(regions: readonly Named[], chosen: string | null): void {
    const options = regions.map(({ slug, name }) =>
      h('option', { value: slug, selected: slug === chosen }, name),
    );
    const choice = labelled(t('Region'), h('select', { name: 'region', required: true }, ...options));
    this.#ask(t('Share a region, live'), [choice], (fields) => ({
      kind: 'region',
      region: fieldText(fields, 'region'),
    }));
  }

  #ask(
    title: string,
    parts: readonly HTMLElement[],
    shareOf: (fields: Fields) => Omit<NewShare, 'expires_time' | 'label'>,
  ): void {
    const problem = h('p', { class: 'share-problem', role: 'alert' });
    const make = h('button', { class: 'button is-main' }, t('Make link'));
    const form = h(
      'form',
      {},
      ...parts,
      labelled(t('Lasts'), h('select', { name: 'life' }, ...this.#lives())),
      labelled(t('Own note'), h('input', { name: 'label', maxlength: '100', autocomplete: 'off' })),
      problem,
      h(
        'div',
        { class: 'share-buttons' },
        h('a', { href: '/shares' }, t('All links')),
        this.#closeButton(t('Cancel')),
        make,
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const fields = form.elements as Fields;
      const expiresMs = Date.now() + Number(fieldText(fields, 'life')) * 1000;
      const share = {
        ...shareOf(fields),
        expires_time: new Date(expiresMs).toISOString(),
        label: fieldText(fields, 'label'),
      };
      make.disabled = true;
      makeShare(this.#options.sharesUrl, share)
        .then((url) => this.#show(title, url, expiresMs))
        .catch((error: unknown) => {
          problem.textContent = error instanceof Error ? error.message : String(error);
          make.disabled = false;
        });
    });
    this.#dialog.replaceChildren(h('h2', { id: 'share-title' }, title), form);
    this.#dialog.showModal();
  }

  #show(title: string, url: string, expiresMs: number): void {
    const until = momentText(expiresMs, Date.now());
    const address = h('input', {
      class: 'share-address',
      readonly: true,
      value: url,
      'aria-label': t('The link'),
    });
    const copy = h('button', { type: 'button', class: 'button is-main' }, t('Copy'));
    copy.addEventListener('click', () => void this.#copy(address, copy));
    this.#dialog.replaceChildren(
      h('h2', { id: 'share-title' }, title),
      h('div', { class: 'share-link' }, address, copy),
      h(
        'p',
        { class: 'share-hint' },
        t('Whoever has this link can look, without a login, until {until}. It is shown this once.', {
          until,
        }),
      ),
      h(
        'div',
        { class: 'share-buttons' },
        h('a', { href: '/shares' }, t('All links')),
        this.#closeButton(t('Done')),
      ),
    );
    address.focus();
    address.select();
  }

  async #copy(address: HTMLInputElement, button: HTMLButtonElement): Promise<void> {
    address.select();
    try {
      await navigator.clipboard.writeText(address.value);
      button.textContent = t('Copied');
    } catch {
      button.textContent = t('Press Ctrl+C');
    }
    setTimeout(() => {
      button.textContent = t('Copy');
    }, COPIED_FOR_MS);
  }

  #closeButton(text: string): HTMLButtonElement {
    const button = h('button', { type: 'button', class: 'button' }, text);
    button.addEventListener('click', () => this.#dialog.close());
    return button;
  }

  #lives(): HTMLOptionElement[] {
    const most_s = this.#options.days * 24 * HOUR_S;
    return LIVES.filter(([seconds]) => seconds <= most_s).map(([seconds, text]) =>
      h('option', { value: String(seconds), selected: seconds === DEFAULT_LIFE_S }, t(text)),
    );
  }
}

/** A button of the page's menu. */
export function shareMenuItem(onShare: () => void): HTMLButtonElement {
  const button = h('button', { type: 'button' }, t('Share a region…'));
  button.addEventListener('click', onShare);
  return button;
}

function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  return h('label', { class: 'share-field' }, h('span', {}, text), control);
}

function timeInput(name: string, timeMs: number): HTMLInputElement {
  return h('input', { type: 'datetime-local', name, required: true, value: localText(timeMs) });
}

function check(name: string, text: string): HTMLLabelElement {
  return h('label', { class: 'share-check' }, h('input', { type: 'checkbox', name, value: 'yes' }), text);
}

function radio(value: string, text: string, checked: boolean): HTMLLabelElement {
  return h('label', { class: 'chip' }, h('input', { type: 'radio', name: 'kind', value, checked }), text);
}

function fieldText(fields: Fields, name: string): string {
  return fields[name]?.value ?? '';
}

function tripOf(fields: Fields): Pick<NewShare, 'from_time' | 'to_time' | 'trimmed'> {
  if (fieldText(fields, 'kind') !== 'trip') return {};
  const { trimmed } = fields;
  return {
    from_time: new Date(fieldText(fields, 'from')).toISOString(),
    to_time: new Date(fieldText(fields, 'to')).toISOString(),
    trimmed: trimmed instanceof HTMLInputElement && trimmed.checked,
  };
}

/** As `datetime-local` wants it, by the reader's clock. */
function localText(timeMs: number): string {
  const offsetMs = new Date(timeMs).getTimezoneOffset() * 60_000;
  return new Date(timeMs - offsetMs).toISOString().slice(0, 16);
}
