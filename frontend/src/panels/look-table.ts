/** Who looked at whose history, a row each. */
import { kindText, type Look } from '../audit/look.ts';
import { dateAndTimeText } from '../format.ts';
import { mark, t } from '../texts.ts';
import { h } from './dom.ts';

const COLUMNS = [mark('Who'), mark('What'), mark('Whose'), mark('From'), mark('To'), mark('When')];

export function lookTable(looks: readonly Look[]): HTMLElement {
  const head = h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, t(name))));
  return h('table', { class: 'shares-table' }, h('thead', {}, head), h('tbody', {}, ...looks.map(row)));
}

function row({ time, kind, who, vehicle, region, from_time, to_time }: Look): HTMLElement {
  const moment = (text: string | null): string => (text === null ? '' : dateAndTimeText(Date.parse(text)));
  return h(
    'tr',
    {},
    h('td', {}, who),
    h('td', {}, kindText(kind)),
    h('td', {}, vehicle || region || t('all that could be seen')),
    h('td', { 'data-before': t('from') }, moment(from_time)),
    h('td', { 'data-before': t('to') }, moment(to_time)),
    h('td', { 'data-before': t('looked at') }, moment(time)),
  );
}
