/** Groups of refused fixes under one heading; what stays keeps its element, so that a focused button stays focused. */
import type { Group } from '../refusals/groups.ts';
import { h } from './dom.ts';
import { RefusalGroup } from './refusal-group.ts';

export class RefusalList {
  readonly element: HTMLElement;
  readonly #body = h('div', { class: 'refusal-groups' });
  readonly #onAdopt: ((name: string) => void) | null;
  #groups = new Map<string, RefusalGroup>();

  constructor(title: string, explanation: string, onAdopt: ((name: string) => void) | null) {
    this.#onAdopt = onAdopt;
    const head = h('header', {}, h('h2', {}, title), h('p', { class: 'soft' }, explanation));
    this.element = h('section', { class: 'refusal-list', hidden: true }, head, this.#body);
  }

  show(groups: readonly Group[], nowMs: number): void {
    this.#groups = new Map(groups.map(({ key }) => [key, this.#groups.get(key) ?? this.#make()]));
    for (const group of groups) this.#groups.get(group.key)?.show(group, nowMs);
    const elements = [...this.#groups.values()].map(({ element }) => element);
    const { children } = this.#body;
    if (elements.length !== children.length || elements.some((element, i) => element !== children[i])) {
      this.#body.replaceChildren(...elements);
    }
    this.element.hidden = groups.length === 0;
  }

  #make(): RefusalGroup {
    return new RefusalGroup(this.#onAdopt);
  }
}
