/** New alerts, over the map for a while: one card a rule, with what one may do about it. */
import type { EventGroup } from '../desk/event-groups.ts';
import { t } from '../texts.ts';
import { h } from './dom.ts';
import { alertText, type EventNames, groupName } from './event-text.ts';
import { icon } from './icons.ts';

const SHOWN_FOR_MS = 20_000;
const MOST = 3;

export interface AlertToastsOptions {
  readonly container: HTMLElement;
  readonly names: EventNames;
  onShow(group: EventGroup): void;
  onAcknowledge(group: EventGroup): void;
  /** Asks at the button for how long. */
  onSnooze(group: EventGroup, button: HTMLElement): void;
}

interface Toast {
  readonly element: HTMLElement;
  readonly group: EventGroup;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class AlertToasts {
  readonly #options: AlertToastsOptions;
  readonly #box = h('div', { class: 'alert-toasts', role: 'status' });
  readonly #toasts = new Map<string, Toast>();

  constructor(options: AlertToastsOptions) {
    this.#options = options;
    options.container.append(this.#box);
  }

  /** In place of the rule's earlier one. */
  show(rule: string, group: EventGroup): void {
    const isMore = this.#toasts.has(rule);
    this.#drop(rule);
    for (const [oldest] of [...this.#toasts].slice(0, Math.max(0, this.#toasts.size + 1 - MOST)))
      this.#drop(oldest);
    const element = this.#card(rule, group);
    element.classList.toggle('is-more', isMore);
    const timer = setTimeout(() => this.#fade(rule), SHOWN_FOR_MS);
    this.#toasts.set(rule, { element, group, timer });
    this.#box.prepend(element);
  }

  /** Says whether there is one. */
  focus(): boolean {
    const button = this.#box.querySelector<HTMLElement>('.is-main');
    button?.focus();
    return button !== null;
  }

  /** Takes those away of which `isDone` is true. */
  sweep(isDone: (group: EventGroup) => boolean): void {
    for (const [rule, { group }] of this.#toasts) if (isDone(group)) this.#drop(rule);
  }

  /** Not under somebody's pointer or focus. */
  #fade(rule: string): void {
    const toast = this.#toasts.get(rule);
    if (toast === undefined) return;
    if (!toast.element.matches(':hover, :focus-within')) this.#drop(rule);
    else this.#toasts.set(rule, { ...toast, timer: setTimeout(() => this.#fade(rule), SHOWN_FOR_MS / 4) });
  }

  #drop(rule: string): void {
    const toast = this.#toasts.get(rule);
    if (toast === undefined) return;
    clearTimeout(toast.timer);
    toast.element.remove();
    this.#toasts.delete(rule);
  }

  #card(rule: string, group: EventGroup): HTMLElement {
    const { names, onShow, onAcknowledge, onSnooze } = this.#options;
    const [newest] = group.entries;
    const name = newest === undefined ? '' : groupName(group, newest, names);
    const what = newest === undefined ? '' : alertText(newest, names);
    const leave = (run: (group: EventGroup) => void) => () => {
      this.#drop(rule);
      run(group);
    };
    const snooze = h('button', { type: 'button', class: 'button is-small' }, t('Snooze'));
    snooze.addEventListener('click', () => onSnooze(group, snooze));
    return h(
      'section',
      { class: 'alert-toast', 'aria-label': t('New alert') },
      icon('alert'),
      h('div', {}, h('b', {}, name), h('p', {}, what)),
      button(
        t('Close'),
        'button is-bare',
        leave(() => undefined),
        icon('close'),
      ),
      h(
        'footer',
        {},
        button(t('Show'), 'button is-small is-main', leave(onShow)),
        button(t('Acknowledge'), 'button is-small', leave(onAcknowledge)),
        snooze,
      ),
    );
  }
}

function button(label: string, looks: string, run: () => void, picture?: Element): HTMLButtonElement {
  const made = h('button', { type: 'button', class: looks, 'aria-label': label }, picture ?? label);
  made.addEventListener('click', run);
  return made;
}
