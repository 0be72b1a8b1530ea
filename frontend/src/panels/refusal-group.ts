/** The refused fixes of one vehicle, or of a name that nobody knows. */
import { ageText, countText, momentText } from '../format.ts';
import { type Group, timeMs } from '../refusals/groups.ts';
import { reasonText } from '../refusals/reasons.ts';
import type { Refusal } from '../refusals/refusal.ts';
import { counted, t } from '../texts.ts';
import { h } from './dom.ts';

export class RefusalGroup {
  readonly element: HTMLElement;
  readonly #title = h('h3');
  readonly #summary = h('p', { class: 'soft' });
  readonly #rows = h('ol', { class: 'refusal-rows' });
  readonly #adopt = h('button', { class: 'button is-main', type: 'button' }, t('Adopt'));
  #adoptable: string | null = null;

  /** `onAdopt` null: the reader may make no vehicles. */
  constructor(onAdopt: ((name: string) => void) | null) {
    this.#adopt.addEventListener('click', () => this.#adoptable !== null && onAdopt?.(this.#adoptable));
    const head = h('header', {}, h('div', {}, this.#title, this.#summary));
    if (onAdopt !== null) head.append(this.#adopt);
    this.element = h('section', { class: 'refusal-group' }, head, this.#rows);
  }

  show(group: Group, nowMs: number): void {
    const { title, slug, adoptable, unfit, count, lastMs, refusals } = group;
    const hasOwnName = slug !== null && slug !== title;
    this.#title.replaceChildren(title, hasOwnName ? h('span', { class: 'soft' }, ` ${slug}`) : '');
    const seen = counted('{count} fix, the last {age} ago', '{count} fixes, the last {age} ago', count, {
      age: ageText(nowMs - lastMs),
    });
    this.#summary.textContent = unfit
      ? `${seen}. ${t('Cannot be adopted: let the gateway name it with letters, digits, - and _ only.')}`
      : seen;
    this.#adoptable = adoptable;
    this.#adopt.hidden = adoptable === null;
    this.#adopt.setAttribute('aria-label', t('Adopt {name}', { name: title }));
    this.#rows.replaceChildren(...refusals.map((refusal) => row(refusal, nowMs)));
  }
}

function row(refusal: Refusal, nowMs: number): Node {
  const { device, reason, count, first_time, last_time, detail } = refusal;
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'refusal-why' },
      h('strong', {}, reasonText(reason)),
      h('span', { class: 'soft' }, detail),
    ),
    h('span', { class: 'refusal-count' }, `${countText(count)} ×`),
    h('span', { class: 'refusal-device', title: t('The device that sent them') }, device),
    h('span', { class: 'refusal-when soft' }, spanText(timeMs(first_time), timeMs(last_time), nowMs)),
  );
}

function spanText(firstMs: number, lastMs: number, nowMs: number): string {
  const [first, last] = [momentText(firstMs, nowMs), momentText(lastMs, nowMs)];
  return first === last ? last : `${first} – ${last}`;
}
