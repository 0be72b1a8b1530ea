/** Building elements without strings of HTML. */

type Attributes = Readonly<Record<string, string | boolean>>;

/** `true` sets an empty attribute, `false` leaves it out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** Throws when the template lacks the element, which no later code could mend. */
export function mountPoint(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element #${id}`);
  return element;
}

/** Text written only when it differs: an equal write would still cost layout. */
export class Text {
  readonly node = document.createTextNode('');
  #shown = '';

  show(text: string): void {
    if (text === this.#shown) return;
    this.#shown = text;
    this.node.data = text;
  }
}
