/** One row of the log of events; kept and filled anew. */
import type { EventGroup } from '../desk/event-groups.ts';
import type { LogEntry } from '../desk/event-log.ts';
import { ageText, minuteText } from '../format.ts';
import { counted, t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { type EventNames, groupName, namesOf, whatOf } from './event-text.ts';
import { Icon, type IconName, icon } from './icons.ts';

export class EventRow {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly note = action(t('Acknowledge'), '✓');
  readonly snooze = action(t('Snooze'), icon('snooze'));
  readonly #actions = h('span', { class: 'event-actions', hidden: true }, this.snooze, this.note);
  readonly #icon = new Icon();
  readonly #name = new Text();
  readonly #what = new Text();
  readonly #times = new Text();
  readonly #age = new Text();
  #group: EventGroup | null = null;

  constructor() {
    this.button = h(
      'button',
      { type: 'button', class: 'event', tabindex: '-1' },
      this.#icon.element,
      h(
        'span',
        { class: 'row-main' },
        h('span', { class: 'row-name' }, this.#name.node),
        h(
          'span',
          { class: 'event-what' },
          h('span', { class: 'event-text' }, this.#what.node),
          h('span', { class: 'event-times' }, this.#times.node),
        ),
      ),
      h('span', { class: 'row-age' }, this.#age.node),
    );
    this.element = h('li', {}, this.button, this.#actions);
  }

  get group(): EventGroup | null {
    return this.#group;
  }

  show(group: EventGroup, names: EventNames, nowMs: number): void {
    const [newest] = group.entries;
    if (newest === undefined) return;
    this.#group = group;
    this.element.hidden = false;
    this.button.dataset.kind = group.kind;
    const isUnnoted = group.entries.some(({ alert }) => alert !== null && alert.by === '');
    const isOpen = group.entries.some(({ alert }) => alert !== null && alert.by === '' && !alert.isOver);
    const untilMs = isUnnoted ? names.snoozedUntilMs(newest) : null;
    this.#actions.hidden = !isUnnoted;
    this.button.classList.toggle('is-open-alert', isOpen && untilMs === null);
    this.button.classList.toggle('is-snoozed', untilMs !== null);
    this.button.classList.toggle('is-late', newest.isLate);
    this.#icon.show(iconOf(group, newest));
    this.#name.show(groupName(group, newest, names));
    const snoozed = untilMs === null ? '' : `${t('snoozed until {time}', { time: minuteText(untilMs) })} · `;
    const what = snoozed + whatOf(group, newest, names);
    this.#what.show(what);
    const title = group.vehicles.length > 1 ? `${what}: ${namesOf(group, names)}` : what;
    if (this.button.title !== title) this.button.title = title;
    this.#times.show(
      group.entries.length > timesExpected(group)
        ? counted('{count} time', '{count} times', group.entries.length)
        : '',
    );
    this.#age.show(ageText(nowMs - newest.timeMs));
  }

  hide(): void {
    this.#group = null;
    this.element.hidden = true;
  }
}

function action(label: string, content: Node | string): HTMLButtonElement {
  const attributes = { type: 'button', class: 'button is-small', 'aria-label': label, title: label };
  return h('button', attributes, content);
}

function iconOf({ kind, left, entered }: EventGroup, newest: LogEntry): IconName {
  if (kind === 'gap') return 'gap';
  if (kind === 'message') return newest.isFromDriver ? 'answer' : 'message';
  if (kind === 'alert') return 'alert';
  if (left.length > 0 && entered.length > 0) return 'pass';
  return entered.length > 0 ? 'enter' : 'exit';
}

/** To leave one region and enter another is told whole already, and so is each vehicle that breaks a rule. */
function timesExpected({ kind, left, entered, vehicles }: EventGroup): number {
  return kind === 'crossing' ? left.length + entered.length : vehicles.length;
}
