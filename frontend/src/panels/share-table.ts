/** The links that were made: what each shows, how long, and a button that ends it. */
import { momentText } from '../format.ts';
import type { MadeShare } from '../shares.ts';
import { h } from './dom.ts';

const KINDS: Readonly<Record<string, string>> = {
  vehicle: 'Vehicle, live',
  region: 'Region, live',
  trip: 'Trip',
};
const COLUMNS = ['Shows', 'What', 'Note', 'Made by', 'Until', ''] as const;

export function shareTable(
  shares: readonly MadeShare[],
  options: { readonly nowMs: number; onRevoke(share: MadeShare): void },
): HTMLElement {
  const head = h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, name)));
  const rows = shares.map((share) => row(share, options));
  return h('table', { class: 'shares-table' }, h('thead', {}, head), h('tbody', {}, ...rows));
}

function row(
  share: MadeShare,
  { nowMs, onRevoke }: { readonly nowMs: number; onRevoke(share: MadeShare): void },
): HTMLElement {
  const end = h('td', { class: 'is-last' });
  if (share.state === 'active') {
    const revoke = h('button', { type: 'button', class: 'button is-small' }, 'Revoke');
    revoke.addEventListener('click', () => onRevoke(share));
    end.append(revoke);
  } else {
    end.append(h('span', { class: 'shares-soft' }, share.state));
  }
  const cells = [
    h('td', {}, share.name),
    h('td', {}, KINDS[share.kind] ?? share.kind, ...tripText(share, nowMs)),
    h('td', {}, share.label),
    h('td', {}, share.maker),
    h('td', {}, momentText(Date.parse(share.expires_time), nowMs)),
    end,
  ];
  for (const [index, cell] of cells.entries()) cell.dataset.column = COLUMNS[index] ?? '';
  return h('tr', { class: share.state === 'active' ? '' : 'is-over' }, ...cells);
}

function tripText({ from_time, to_time, trimmed }: MadeShare, nowMs: number): HTMLElement[] {
  if (from_time === null || to_time === null) return [];
  const [from, to] = [from_time, to_time].map((time) => momentText(Date.parse(time), nowMs));
  return [h('span', { class: 'shares-soft' }, ` ${from} – ${to}${trimmed ? ', trimmed' : ''}`)];
}
