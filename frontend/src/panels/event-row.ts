/** One row of the log of events; kept and filled anew. */
import type { EventGroup } from '../desk/event-groups.ts';
import type { LogEntry } from '../desk/event-log.ts';
import { ageText, minuteText } from '../format.ts';
import { h, Text } from './dom.ts';
import { Icon, type IconName } from './icons.ts';

/** How slugs are called. */
export interface EventNames {
  vehicle(entry: LogEntry): string;
  region(slug: string): string;
}

export class EventRow {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly note = h(
    'button',
    {
      type: 'button',
      class: 'button is-small event-note',
      'aria-label': 'Acknowledge',
      title: 'Acknowledge',
      hidden: true,
    },
    '✓',
  );
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
    this.element = h('li', {}, this.button, this.note);
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
    const { alert } = newest;
    this.note.hidden = alert === null || alert.by !== '';
    this.button.classList.toggle('is-open-alert', alert !== null && !alert.isOver && alert.by === '');
    this.button.classList.toggle('is-late', newest.isLate);
    this.#icon.show(iconOf(group, newest));
    this.#name.show(group.kind === 'gap' ? 'Events are missing' : names.vehicle(newest));
    const what = whatOf(group, newest, names);
    this.#what.show(what);
    if (this.button.title !== what) this.button.title = what;
    this.#times.show(group.entries.length > timesExpected(group) ? `${group.entries.length} times` : '');
    this.#age.show(ageText(nowMs - newest.timeMs));
  }

  hide(): void {
    this.#group = null;
    this.element.hidden = true;
  }
}

function iconOf({ kind, left, entered }: EventGroup, newest: LogEntry): IconName {
  if (kind === 'gap') return 'gap';
  if (kind === 'message') return newest.isFromDriver ? 'answer' : 'message';
  if (kind === 'alert') return 'alert';
  if (left.length > 0 && entered.length > 0) return 'pass';
  return entered.length > 0 ? 'enter' : 'exit';
}

function whatOf({ kind, left, entered }: EventGroup, newest: LogEntry, names: EventNames): string {
  if (kind === 'gap') return `before ${minuteText(newest.timeMs)}; show the log`;
  if (kind === 'message') return newest.isFromDriver ? newest.text : `To the driver: ${newest.text}`;
  if (kind === 'alert') return alertText(newest, names);
  const late = newest.isLate ? ', told late' : '';
  const [from, to] = [left, entered].map((slugs) => slugs.map((slug) => names.region(slug)).join(', '));
  if (from && to) return `${from} → ${to}${late}`;
  return `${to ? `entered ${to}` : `left ${from}`}${late}`;
}

/** The rule, where, and what became of it. */
function alertText({ text, region, alert }: LogEntry, names: EventNames): string {
  const where = region === null ? '' : ` in ${names.region(region)}`;
  const noted = alert?.by ? `, noted by ${alert.by}` : '';
  return `${text}${where}${alert?.isOver ? ', over' : ''}${noted}`;
}

/** To leave one region and enter another is told whole already. */
function timesExpected({ kind, left, entered }: EventGroup): number {
  return kind === 'crossing' ? left.length + entered.length : 1;
}
