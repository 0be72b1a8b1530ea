/** One process on the operators' page: figures, tables of causes, its connections. */
import { ageText, countText, UNKNOWN_TEXT } from '../format.ts';
import type { ConnectionReport, Counts, ProcessReport, Rates } from '../ops/report.ts';
import { numberText, t } from '../texts.ts';
import { h } from './dom.ts';

export interface Orders {
  readonly drain: (process: string) => void;
  readonly end: (process: string, connection: string) => void;
}

export class OpsProcess {
  readonly element: HTMLElement;
  readonly #title = h('h2');
  readonly #flags = h('p', { class: 'ops-flags' });
  readonly #figures = h('dl', { class: 'ops-figures' });
  readonly #causes = h('div', { class: 'ops-causes' });
  readonly #rows = h('tbody');
  readonly #empty = h('p', { class: 'soft' }, t('Nobody is connected.'));
  readonly #table: HTMLElement;
  readonly #rowOf = new Map<string, ConnectionRow>();
  readonly #drain = h('button', { class: 'button', type: 'button' }, t('Drain'));
  readonly #orders: Orders;

  constructor(process: string, orders: Orders) {
    this.#orders = orders;
    this.#drain.addEventListener('click', () => {
      if (confirm(t('Say goodbye to all its connections and end this process?'))) orders.drain(process);
    });
    const heads = [t('User'), t('Way'), t('Rooms'), t('Age'), t('Unacknowledged'), ''].map((text) =>
      h('th', { scope: 'col' }, text),
    );
    this.#table = h(
      'div',
      { class: 'ops-scroll' },
      h('table', {}, h('thead', {}, h('tr', {}, ...heads)), this.#rows),
    );
    const head = h('header', {}, this.#title, this.#flags, this.#drain);
    this.element = h(
      'section',
      { class: 'ops-process' },
      head,
      this.#figures,
      this.#causes,
      this.#table,
      this.#empty,
    );
  }

  show(report: ProcessReport, rates: Rates | null, users: Readonly<Record<string, string>>): void {
    this.#title.replaceChildren(
      t('{server} {pid} on {host}', { server: report.server, pid: String(report.pid), host: report.host }),
      h(
        'span',
        { class: 'soft' },
        ` ${report.process}, ${t('up {age}', { age: ageText(report.uptime_s * 1000) })}`,
      ),
    );
    this.#flags.replaceChildren(...flagsOf(report));
    this.#drain.disabled = report.is_draining;
    this.#figures.replaceChildren(...figuresOf(report, rates).map(figure));
    this.#causes.replaceChildren(...causesOf(report));
    this.#showConnections(report, users);
  }

  #showConnections(report: ProcessReport, users: Readonly<Record<string, string>>): void {
    const rows = report.connections.map((connection) => {
      const row =
        this.#rowOf.get(connection.connection) ?? this.#makeRow(report.process, connection.connection);
      row.show(
        connection,
        connection.user === null
          ? t('device')
          : (users[connection.user] ?? t('user {id}', { id: String(connection.user) })),
      );
      return row.element;
    });
    const present = new Set(report.connections.map((connection) => connection.connection));
    for (const connection of this.#rowOf.keys()) if (!present.has(connection)) this.#rowOf.delete(connection);
    // Written only when it differs, so that a focused button stays focused.
    if (rows.length !== this.#rows.children.length || rows.some((row, i) => row !== this.#rows.children[i])) {
      this.#rows.replaceChildren(...rows);
    }
    this.#table.hidden = rows.length === 0;
    this.#empty.hidden = rows.length > 0;
  }

  #makeRow(process: string, connection: string): ConnectionRow {
    const row = new ConnectionRow(() => this.#orders.end(process, connection));
    this.#rowOf.set(connection, row);
    return row;
  }
}

class ConnectionRow {
  readonly element: HTMLElement;
  readonly #cells = ['', '', '', 'is-number', 'is-number'].map((name) => h('td', { class: name }));

  constructor(end: () => void) {
    const button = h('button', { class: 'button is-small', type: 'button' }, t('End'));
    button.addEventListener('click', end);
    this.#cells.at(-1)?.setAttribute('data-after', t('unack.'));
    this.element = h('tr', {}, ...this.#cells, h('td', {}, button));
  }

  show(report: ConnectionReport, name: string): void {
    const rooms = report.rooms.join(', ') || UNKNOWN_TEXT;
    const texts = [
      name,
      report.transport,
      rooms,
      ageText(report.age_s * 1000),
      countText(report.unacknowledged),
    ];
    for (const [i, cell] of this.#cells.entries()) cell.textContent = texts[i] ?? '';
  }
}

function flagsOf(report: ProcessReport): Node[] {
  const flags = [
    report.is_bus_stale ? flag(t('Bus away'), 'alarm') : flag(t('Bus well'), 'good'),
    ...(report.is_draining ? [flag(t('Draining'), 'warn')] : []),
  ];
  return flags;
}

function flag(text: string, kind: string): Node {
  return h('span', { class: 'ops-flag', 'data-kind': kind }, text);
}

function figuresOf(report: ProcessReport, rates: Rates | null): [string, string][] {
  const way = (name: string): string => countText(report.under_way[name] ?? 0);
  return [
    [t('WebSockets'), way('websocket')],
    [t('SSE'), way('sse')],
    [t('Polls'), way('poll')],
    [t('Fixes/s'), rateText(rates?.fixes_per_s)],
    [t('Messages in/s'), rateText(rates?.messages_per_s)],
    [t('Frames out/s'), rateText(rates?.frames_per_s)],
    [t('Out'), rates === null ? UNKNOWN_TEXT : `${rateText(rates.bytes_per_s / 1000)} kB/s`],
    [t('Tick'), millisText(rates?.tick_ms)],
    [t('Commit'), millisText(rates?.commit_ms)],
    [t('Merged frames'), countText(report.counters.conflated)],
    [t('Duplicates'), countText(report.counters.fixes_duplicate)],
  ];
}

function rateText(perS: number | undefined): string {
  if (perS === undefined) return UNKNOWN_TEXT;
  return perS < 10 && perS > 0 ? numberText(perS, 1) : countText(Math.round(perS));
}

function millisText(ms: number | null | undefined): string {
  return ms === undefined || ms === null ? UNKNOWN_TEXT : `${numberText(ms, 1)} ms`;
}

function figure([name, value]: [string, string]): Node {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}

function causesOf(report: ProcessReport): Node[] {
  const { fixes_refused, resumes, gaps, closes } = report.counters;
  const tables: [string, Counts][] = [
    [t('Refused fixes'), fixes_refused],
    [t('Resumes'), resumes],
    [t('Gaps'), gaps],
    [t('Closes'), closes],
  ];
  return tables
    .filter(([, counts]) => Object.keys(counts).length > 0)
    .map(([name, counts]) => causes(name, counts));
}

function causes(name: string, counts: Counts): Node {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const entries = sorted.map(([cause, count]) =>
    h('li', {}, h('span', {}, cause), h('span', {}, countText(count))),
  );
  return h('div', {}, h('h3', {}, name), h('ul', {}, ...entries));
}
