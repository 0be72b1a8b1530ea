/** How new alerts make themselves known: over the map, by sound, by the browser, as the reader wants it; also while nobody looks at the tab. */
import { AlertBell, type Call } from '../desk/alert-bell.ts';
import type { EventGroup } from '../desk/event-groups.ts';
import type { LogEntry } from '../desk/event-log.ts';
import { allowNotifications, notify } from '../panels/alert-notifier.ts';
import { AlertSound } from '../panels/alert-sound.ts';
import { AlertToasts } from '../panels/alert-toasts.ts';
import { alertText, type EventNames, groupName } from '../panels/event-text.ts';
import { loadPreferences } from '../preferences.ts';
import { t } from '../texts.ts';

export interface LiveCallsOptions {
  readonly container: HTMLElement;
  readonly names: EventNames;
  /** By the server's clock. */
  nowMs(): number;
  onShow(group: EventGroup): void;
  onAcknowledge(group: EventGroup): void;
  onSnooze(group: EventGroup, button: HTMLElement): void;
  say(text: string): void;
}

export class LiveCalls {
  readonly #options: LiveCallsOptions;
  readonly #bell = new AlertBell();
  readonly #sound = new AlertSound();
  readonly #toasts: AlertToasts;

  constructor(options: LiveCallsOptions) {
    this.#options = options;
    this.#toasts = new AlertToasts(options);
  }

  /** It has just come. */
  hear(entry: LogEntry): void {
    const call = this.#bell.hear(entry, this.#options.nowMs());
    if (call !== null) this.#make(call);
  }

  /** It is to be heard of again. */
  recall(entry: LogEntry): void {
    this.#make(this.#bell.ring(entry, this.#options.nowMs()));
  }

  /** Takes those away of which nothing is to be done any more. */
  sweep(isDone: (group: EventGroup) => boolean): void {
    this.#toasts.sweep(isDone);
  }

  /** Says whether one shows. */
  focus(): boolean {
    return this.#toasts.focus();
  }

  playSound(): void {
    this.#sound.play();
  }

  allowNotifications(): Promise<boolean> {
    return allowNotifications();
  }

  #make({ rule, group, isFirst }: Call): void {
    const preferences = loadPreferences();
    if (preferences.toast === 'on') this.#toasts.show(rule, group);
    if (preferences.sound === 'on' && isFirst && !this.#sound.play())
      this.#options.say(t('Alerts sound once you have clicked somewhere on this page.'));
    if (preferences.notify === 'on') this.#notify(rule, group);
  }

  #notify(rule: string, group: EventGroup): void {
    const { names, onShow } = this.#options;
    const [newest] = group.entries;
    if (newest === undefined) return;
    const onClick = (): void => onShow(group);
    notify(groupName(group, newest, names), alertText(newest, names), { tag: `alert ${rule}`, onClick });
  }
}
