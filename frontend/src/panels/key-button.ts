/** A button that says which key does the same. */
import { h } from './dom.ts';

/** `key` is empty where none does. */
export function keyButton(
  label: string,
  key: string,
  run: () => void,
  ...face: readonly (Node | string)[]
): HTMLButtonElement {
  const title = key === '' ? label : `${label} (${key})`;
  const made = h('button', { type: 'button', class: 'button', 'aria-label': label, title }, ...face);
  made.addEventListener('click', run);
  return made;
}
