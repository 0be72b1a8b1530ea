/** Who is connected, and who came and left: two lists on the operators' page. */
import { ageText, clockText } from '../format.ts';
import type { Coming } from '../ops/comings.ts';
import type { Person } from '../protocol.ts';
import { counted, t } from '../texts.ts';
import { h, Text } from './dom.ts';

const MOST_ROWS = 200;

export class OpsPeople {
  readonly element: HTMLElement;
  readonly #count = new Text();
  readonly #people = h('ol', { class: 'ops-list' });
  readonly #comings = h('ol', { class: 'ops-list' });
  readonly #quiet = h('p', { class: 'soft' }, t('Nobody has come or left since this page was opened.'));

  constructor() {
    this.element = h(
      'section',
      { class: 'ops-people', hidden: true },
      h(
        'div',
        {},
        h('h2', {}, `${t('People')} `, h('span', { class: 'soft' }, this.#count.node)),
        this.#people,
      ),
      h('div', {}, h('h2', {}, t('Coming and going')), this.#comings, this.#quiet),
    );
  }

  show(people: readonly Person[], comings: readonly Coming[], nowMs: number): void {
    const here = people.filter(({ connections }) => connections > 0);
    const away = people.filter(({ connections }) => connections === 0);
    this.element.hidden = false;
    this.#count.show(counted('{count} connected', '{count} connected', here.length));
    const rows = [...here.toSorted(byName), ...away.toSorted(byLastSeen)].slice(0, MOST_ROWS);
    this.#people.replaceChildren(...rows.map((person) => personRow(person, nowMs)));
    this.#comings.replaceChildren(...comings.map(comingRow));
    this.#quiet.hidden = comings.length > 0;
  }
}

function personRow(person: Person, nowMs: number): Node {
  const { connections, transports, since, last_seen } = person;
  const isHere = connections > 0;
  const from = isHere ? since : last_seen;
  const age = from === null ? '' : ageText(nowMs - from);
  return row(isHere, person, [
    isHere ? `${transports.join(', ')}${connections > 1 ? ` ×${connections}` : ''}` : t('left'),
    isHere || age === '' ? age : t('{age} ago', { age }),
  ]);
}

function comingRow({ person, isHere, timeMs }: Coming): Node {
  return row(isHere, person, [isHere ? t('connected') : t('left'), clockText(timeMs)]);
}

function row(isHere: boolean, person: Person, [what, when]: readonly [string, string]): Node {
  return h(
    'li',
    { 'data-here': String(isHere) },
    h('span', { class: 'ops-dot' }),
    h('span', { class: 'ops-who' }, nameOf(person), h('span', { class: 'soft' }, roleOf(person))),
    h('span', { class: 'soft' }, what),
    h('span', { class: 'ops-when' }, when),
  );
}

function nameOf({ name, who }: Person): string {
  return name || who;
}

/** That somebody is a dispatcher goes without saying. */
function roleOf({ role, vehicle }: Person): string {
  if (vehicle === null) return '';
  return ` ${role === 'driver' ? t('driver of {vehicle}', { vehicle }) : t('device of {vehicle}', { vehicle })}`;
}

function byName(a: Person, b: Person): number {
  return nameOf(a).localeCompare(nameOf(b));
}

function byLastSeen(a: Person, b: Person): number {
  return (b.last_seen ?? 0) - (a.last_seen ?? 0);
}
