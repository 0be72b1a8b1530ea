/** Says whether the page is live, how far behind it is, and by which way the fixes come. */
import type { FeedLevel } from '../feed-health.ts';
import { behindText, clockText } from '../format.ts';
import type { FeedReport } from '../live-feed.ts';
import type { TransportName } from '../transports/transport.ts';
import { h, Text } from './dom.ts';

const TRANSPORTS: Readonly<Record<TransportName, string>> = {
  websocket: 'WebSocket',
  sse: 'SSE',
  longpoll: 'long polling',
  poll: 'polling',
};

const ANNOUNCEMENTS: Readonly<Record<FeedLevel, string>> = {
  connecting: 'Connecting',
  ok: 'Live',
  late: 'Live, but behind',
  lost: 'Connection lost, positions are old',
  ended: 'The live feed has ended',
};

export class LiveChip {
  readonly #label = new Text();
  readonly #note = new Text();
  readonly #element: HTMLElement;
  readonly #announcement = h('span', { class: 'visually-hidden', role: 'status' });
  /** Leads to the login page when that is what is missing. */
  readonly #again = h('a', { href: '', hidden: true }, 'Reload');
  #level: FeedLevel | null = null;

  constructor(container: HTMLElement) {
    this.#element = h(
      'span',
      { class: 'live-chip' },
      h('span', { class: 'live-dot' }),
      h('b', {}, this.#label.node),
      h('span', { class: 'live-note' }, this.#note.node),
      this.#again,
    );
    container.replaceChildren(this.#element, this.#announcement);
  }

  show(report: FeedReport): void {
    const [label, note] = words(report);
    this.#label.show(label);
    this.#note.show(note);
    if (report.level === this.#level) return;
    this.#level = report.level;
    this.#element.dataset.level = report.level;
    this.#again.hidden = report.level !== 'ended';
    this.#announcement.textContent = ANNOUNCEMENTS[report.level];
  }
}

function words(report: FeedReport): readonly [label: string, note: string] {
  switch (report.level) {
    case 'connecting':
      return ['Connecting', ''];
    case 'ok':
    case 'late':
      return ['LIVE', liveNote(report)];
    case 'lost':
      return ['LOST', report.lostAtMs === null ? '' : `since ${clockText(report.lostAtMs)}, trying again`];
    case 'ended':
      return ['ENDED', report.endReason];
  }
}

function liveNote({ behindMs, transport, isBusStale }: FeedReport): string {
  const behind = behindMs === null ? 'no fix yet' : `${behindText(behindMs)} behind`;
  const way = transport === null ? '' : TRANSPORTS[transport];
  return [behind, isBusStale ? `${way}, from the database` : way].filter(Boolean).join(' · ');
}
