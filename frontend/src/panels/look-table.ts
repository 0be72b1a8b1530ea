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

function row(look: Look): HTMLElement {
  const { time, kind, who, user_name, from_time, to_time } = look;
  const moment = (text: string | null): string => (text === null ? '' : dateAndTimeText(Date.parse(text)));
  return h(
    'tr',
    {},
    h('td', {}, ...named(user_name, who)),
    h('td', {}, kindText(kind)),
    h('td', {}, ...whose(look)),
    h('td', { 'data-before': t('from') }, moment(from_time)),
    h('td', { 'data-before': t('to') }, moment(to_time)),
    h('td', { 'data-before': t('looked at') }, moment(time)),
  );
}

function whose({ vehicle, vehicle_name, region, region_name }: Look): readonly (Node | string)[] {
  if (vehicle !== '') return named(vehicle_name, vehicle);
  return region === '' ? [t('all that could be seen')] : named(region_name, region);
}

/** The name, and below it what was written down, where that is another word. */
function named(name: string, written: string): readonly (Node | string)[] {
  return name === '' || name === written ? [written] : [name, h('div', { class: 'shares-soft' }, written)];
}
