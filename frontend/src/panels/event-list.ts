/** The log of events: newest on top, standing still while somebody reads it. */
import { amendedGroups, type EventGroup, groupEvents, newestId } from '../desk/event-groups.ts';
import type { LogEntry } from '../desk/event-log.ts';
import { counted, t } from '../texts.ts';
import { Chips } from './chips.ts';
import { h, Text } from './dom.ts';
import { EventRow } from './event-row.ts';
import type { EventNames } from './event-text.ts';
import { icon } from './icons.ts';

export interface EventListOptions {
  readonly container: HTMLElement;
  readonly names: EventNames;
  /** For who may see the rules of the whole fleet. */
  readonly rulesUrl: string | null;
  /** `timeMs`: when it happened last. */
  onPick(vehicles: readonly string[], timeMs: number): void;
  onFill(gap: LogEntry): void;
  onAcknowledge(group: EventGroup): void;
  /** Asks at the button for how long. */
  onSnooze(group: EventGroup, button: HTMLElement): void;
  onClose(): void;
}

/** What each chip shows; null: everything. */
const KINDS: Readonly<Record<string, readonly LogEntry['kind'][] | null>> = {
  all: null,
  alerts: ['alert', 'gap'],
  messages: ['message', 'gap'],
};
const MOST_ROWS = 100;
/** A pointer that was left lying on the list reads nothing. */
const POINTED_FOR_MS = 5000;
const SCROLLED_PX = 8;

export class EventList {
  readonly #options: EventListOptions;
  readonly #rows: EventRow[] = [];
  readonly #list = h('ol', { class: 'event-rows' });
  readonly #scroller = h('div', { class: 'event-scroller' }, this.#list);
  readonly #newer = h('button', { type: 'button', class: 'button is-small event-newer', hidden: true });
  readonly #newerText = new Text();
  readonly #empty = h('p', { class: 'list-empty' });
  readonly #chips: Chips;
  /** Below the alerts alone. */
  readonly #rules = h('a', { class: 'event-rules', hidden: true }, t('Offline rules'));
  #entries: readonly LogEntry[] = [];
  #groups: readonly EventGroup[] = [];
  #shown: readonly EventGroup[] = [];
  #active = 0;
  #only = 'all';
  #pointedAtMs = Number.NEGATIVE_INFINITY;
  #nowMs = 0;

  constructor(options: EventListOptions) {
    this.#options = options;
    const chips = h('div', { class: 'event-chips', role: 'group', 'aria-label': t('Show') });
    this.#chips = new Chips(
      chips,
      [
        { key: 'all', label: t('All') },
        { key: 'alerts', label: t('Alerts') },
        { key: 'messages', label: t('Messages') },
      ],
      (key) => this.#filter(key),
    );
    this.#chips.press(new Set(['all']));
    this.#newer.append(this.#newerText.node);
    this.#newer.addEventListener('click', () => this.#release());
    this.#list.addEventListener('click', (event) => this.#click(event));
    this.#list.addEventListener('keydown', (event) => this.#press(event));
    this.#scroller.addEventListener('pointermove', () => {
      this.#pointedAtMs = performance.now();
    });
    this.#scroller.addEventListener('pointerleave', () => {
      this.#pointedAtMs = Number.NEGATIVE_INFINITY;
    });
    const close = h(
      'button',
      {
        type: 'button',
        class: 'button is-bare',
        'aria-label': t('Close the column'),
        title: `${t('Close')} (s)`,
      },
      icon('collapse'),
    );
    close.addEventListener('click', () => options.onClose());
    this.#rules.href = options.rulesUrl ?? '';
    const head = h('header', {}, h('h2', {}, t('Events')), chips, close);
    options.container.append(
      head,
      h('div', { class: 'event-body' }, this.#newer, this.#scroller, this.#empty),
      this.#rules,
    );
  }

  /** `nowMs` by the server's clock. */
  show(entries: readonly LogEntry[], nowMs: number): void {
    this.#nowMs = nowMs;
    if (entries !== this.#entries) {
      this.#entries = entries;
      this.#group();
      this.#shown = amendedGroups(this.#shown, this.#groups);
    }
    if (!this.#isHeld) this.#shown = this.#groups;
    this.#draw();
  }

  /** For an empty log; empty itself once there is one. */
  say(text: string): void {
    if (this.#empty.textContent !== text) this.#empty.textContent = text;
  }

  /** Messages that nobody has read, and alerts that nobody has noted. */
  count({ messages, alerts }: { readonly messages: number; readonly alerts: number }): void {
    this.#chips.count('messages', messages);
    this.#chips.count('alerts', alerts);
  }

  focus(): void {
    (this.#rows[this.#active] ?? this.#rows[0])?.button.focus();
  }

  get #isHeld(): boolean {
    if (this.#shown.length === 0) return false;
    return (
      this.#scroller.scrollTop > SCROLLED_PX ||
      this.#list.querySelector(':focus-visible') !== null ||
      performance.now() - this.#pointedAtMs < POINTED_FOR_MS
    );
  }

  #group(): void {
    const wanted = KINDS[this.#only] ?? null;
    const entries =
      wanted === null ? this.#entries : this.#entries.filter(({ kind }) => wanted.includes(kind));
    this.#groups = groupEvents(entries, MOST_ROWS);
  }

  #filter(only: string): void {
    this.#only = only;
    this.#chips.press(new Set([only]));
    this.#rules.hidden = only !== 'alerts' || this.#options.rulesUrl === null;
    this.#group();
    this.#release();
  }

  #release(): void {
    this.#scroller.scrollTop = 0;
    this.#active = 0;
    this.#shown = this.#groups;
    this.#draw();
  }

  #draw(): void {
    while (this.#rows.length < this.#shown.length) {
      const row = new EventRow();
      this.#rows.push(row);
      this.#list.append(row.element);
    }
    this.#active = Math.max(0, Math.min(this.#active, this.#shown.length - 1));
    this.#rows.forEach((row, index) => {
      const group = this.#shown[index];
      if (group === undefined) row.hide();
      else row.show(group, this.#options.names, this.#nowMs);
      for (const button of [row.button, row.snooze, row.note])
        button.tabIndex = index === this.#active ? 0 : -1;
    });
    this.#empty.hidden = this.#shown.length > 0;
    this.#tellNewer();
  }

  #tellNewer(): void {
    const known = new Set(this.#shown.map(newestId));
    const newer =
      this.#shown === this.#groups ? 0 : this.#groups.filter((group) => !known.has(newestId(group))).length;
    this.#newer.hidden = newer === 0;
    this.#newerText.show(counted('{count} new', '{count} new', newer));
  }

  #click(event: MouseEvent): void {
    const row = this.#rows.find(
      ({ element }) => event.target instanceof Node && element.contains(event.target),
    );
    const group = row?.group;
    const newest = group?.entries[0];
    if (row === undefined || group == null || newest === undefined) return;
    this.#active = this.#rows.indexOf(row);
    const isOn = (button: HTMLElement) => event.target instanceof Node && button.contains(event.target);
    if (isOn(row.note)) this.#options.onAcknowledge(group);
    else if (isOn(row.snooze)) this.#options.onSnooze(group, row.snooze);
    else if (newest.kind === 'gap') this.#options.onFill(newest);
    else this.#options.onPick(group.vehicles, newest.timeMs);
  }

  /** One stop for Tab; arrows go through the rows. */
  #press(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      Home: -this.#shown.length,
      End: this.#shown.length,
    };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#active = Math.max(0, Math.min(this.#active + by, this.#shown.length - 1));
    this.#draw();
    this.focus();
  }
}
