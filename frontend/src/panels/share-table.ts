/** The links that were made: what each shows, how long, and a button that ends it. */
import { momentText } from '../format.ts';
import type { MadeShare } from '../shares.ts';
import { type Marked, mark, t } from '../texts.ts';
import { h } from './dom.ts';

const KINDS: Readonly<Record<string, Marked>> = {
  vehicle: mark('Vehicle, live'),
  region: mark('Region, live'),
  trip: mark('Trip'),
};
const STATES: Readonly<Record<string, Marked>> = { expired: mark('expired'), revoked: mark('revoked') };
const COLUMNS = [mark('Shows'), mark('What'), mark('Note'), mark('Made by'), mark('Until')];

export function shareTable(
  shares: readonly MadeShare[],
  options: { readonly nowMs: number; onRevoke(share: MadeShare): void },
): HTMLElement {
  const names = [...COLUMNS.map((name) => t(name)), ''];
  const head = h('tr', {}, ...names.map((name) => h('th', { scope: 'col' }, name)));
  const rows = shares.map((share) => row(share, options));
  return h('table', { class: 'shares-table' }, h('thead', {}, head), h('tbody', {}, ...rows));
}

function row(
  share: MadeShare,
  { nowMs, onRevoke }: { readonly nowMs: number; onRevoke(share: MadeShare): void },
): HTMLElement {
  const end = h('td', { class: 'is-last' });
  if (share.state === 'active') {
    const revoke = h('button', { type: 'button', class: 'button is-small' }, t('Revoke'));
    revoke.addEventListener('click', () => onRevoke(share));
    end.append(revoke);
  } else {
    end.append(h('span', { class: 'shares-soft' }, said(STATES, share.state)));
  }
  const cells = [
    h('td', {}, share.name),
    h('td', {}, said(KINDS, share.kind), ...tripText(share, nowMs)),
    h('td', {}, share.label),
    h('td', { 'data-before': t('by') }, share.maker),
    h('td', { 'data-before': t('until') }, momentText(Date.parse(share.expires_time), nowMs)),
    end,
  ];
  return h('tr', { class: share.state === 'active' ? '' : 'is-over' }, ...cells);
}

function tripText({ from_time, to_time, trimmed }: MadeShare, nowMs: number): HTMLElement[] {
  if (from_time === null || to_time === null) return [];
  const [from, to] = [from_time, to_time].map((time) => momentText(Date.parse(time), nowMs));
  return [h('span', { class: 'shares-soft' }, ` ${from} – ${to}${trimmed ? `, ${t('trimmed')}` : ''}`)];
}

/** A newer server may know further ones. */
function said(words: Readonly<Record<string, Marked>>, name: string): string {
  const word = words[name];
  return word === undefined ? name : t(word);
}
