/** Who was at a place: a heading for each vehicle, a row for each stay, which leads to its moment in the history. */
import { durationText, minuteText, shortDayText } from '../format.ts';
import { historyHref } from '../history/address.ts';
import { dayOf } from '../history/zone.ts';
import type { MapView } from '../map/types.ts';
import { counted, t } from '../texts.ts';
import type { Stay, Visitor } from '../visits/stays.ts';
import { h } from './dom.ts';

export interface VisitorNames {
  readonly zone: string;
  nameOf(slug: string): string;
  /** What the map of the history shows at first. */
  view(): MapView;
}

export function visitorList(visitors: readonly Visitor[], names: VisitorNames): HTMLElement {
  return h('ol', { class: 'visitors' }, ...visitors.map((visitor) => h('li', {}, ...parts(visitor, names))));
}

function parts({ slug, stays }: Visitor, names: VisitorNames): readonly HTMLElement[] {
  const total = stays.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) / 1_000;
  const more =
    stays.length === 1 ? [] : [counted('{count} time', '{count} times', stays.length), durationText(total)];
  const head = h('h2', {}, names.nameOf(slug), h('span', { class: 'soft' }, more.join(' · ')));
  return [head, h('ul', {}, ...stays.map((stay) => h('li', {}, row(slug, stay, names))))];
}

function row(slug: string, stay: Stay, { zone, view, nameOf }: VisitorNames): HTMLElement {
  const { fromMs, toMs, isBefore, isAfter, isNow } = stay;
  const day = dayOf(fromMs, zone);
  const end = dayOf(toMs, zone) === day ? minuteText(toMs) : `${shortDayText(toMs)}, ${minuteText(toMs)}`;
  const notes = [
    ...(isBefore ? [t('was there already')] : []),
    ...(isAfter ? [isNow ? t('is there now') : t('was still there')] : []),
  ];
  const link = h(
    'a',
    { href: '/history' },
    h('span', { class: 'stay-day' }, shortDayText(fromMs)),
    h('span', {}, `${minuteText(fromMs)} – ${end}`),
    h('strong', {}, durationText((toMs - fromMs) / 1_000)),
    ...(notes.length === 0 ? [] : [h('span', { class: 'stay-note' }, notes.join(' · '))]),
  );
  link.title = t('{name} at this moment in the history', { name: nameOf(slug) });
  const point = (): void => {
    // To the second, and not before the vehicle came.
    const cursorMs = Math.ceil(fromMs / 1_000) * 1_000;
    link.href = historyHref(slug, { day, cursorMs, view: view() });
  };
  point();
  // The map may have moved since.
  link.addEventListener('pointerdown', point);
  link.addEventListener('focus', point);
  return link;
}
