/** Says whether the page is live, how far behind it is, and by which way the fixes come. */
import type { FeedLevel } from '../feed-health.ts';
import { behindText, clockText } from '../format.ts';
import type { FeedReport } from '../live-feed.ts';
import { endText } from '../problem-text.ts';
import { type Marked, mark, t } from '../texts.ts';
import type { TransportName } from '../transports/transport.ts';
import { h, Text } from './dom.ts';

const TRANSPORTS: Readonly<Record<TransportName, Marked>> = {
  websocket: mark('WebSocket'),
  sse: mark('SSE'),
  longpoll: mark('long polling'),
  poll: mark('polling'),
};

const ANNOUNCEMENTS: Readonly<Record<FeedLevel, Marked>> = {
  connecting: mark('Connecting'),
  ok: mark('Live'),
  late: mark('Live, but behind'),
  lost: mark('Connection lost, positions are old'),
  ended: mark('The live feed has ended'),
};

export class LiveChip {
  readonly #label = new Text();
  readonly #note = new Text();
  readonly #element: HTMLElement;
  readonly #announcement = h('span', { class: 'visually-hidden', role: 'status' });
  /** Leads to the login page when that is what is missing. */
  readonly #again = h('a', { href: '', hidden: true }, t('Reload'));
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
    this.#announcement.textContent = t(ANNOUNCEMENTS[report.level]);
  }
}

function words(report: FeedReport): readonly [label: string, note: string] {
  switch (report.level) {
    case 'connecting':
      return [t('Connecting'), ''];
    case 'ok':
    case 'late':
      return [t('LIVE'), liveNote(report)];
    case 'lost':
      return [
        t('LOST'),
        report.lostAtMs === null ? '' : t('since {time}, trying again', { time: clockText(report.lostAtMs) }),
      ];
    case 'ended':
      return [t('ENDED'), endText(report.endReason)];
  }
}

function liveNote({ behindMs, transport, isBusStale }: FeedReport): string {
  const behind = behindMs === null ? t('no fix yet') : t('{age} behind', { age: behindText(behindMs) });
  const way = transport === null ? '' : t(TRANSPORTS[transport]);
  return [behind, isBusStale ? t('{way}, from the database', { way }) : way].filter(Boolean).join(' · ');
}
