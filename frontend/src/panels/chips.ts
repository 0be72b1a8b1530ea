/** A row of buttons of which some are pressed. */
import { h } from './dom.ts';

export interface Chip {
  readonly key: string;
  readonly label: string;
  readonly mark?: Element;
}

/** `isWithKey`: Ctrl, Command or Shift was held. */
type OnPress = (key: string, isWithKey: boolean) => void;

export class Chips {
  readonly #buttons = new Map<string, HTMLButtonElement>();
  readonly #notes = new Map<string, HTMLElement>();

  constructor(container: HTMLElement, chips: readonly Chip[], onPress: OnPress) {
    const buttons = chips.map((chip) => this.#make(chip, onPress));
    container.replaceChildren(...buttons);
  }

  press(keys: ReadonlySet<string>): void {
    for (const [key, button] of this.#buttons) button.setAttribute('aria-pressed', String(keys.has(key)));
  }

  /** A number behind the label, or none; chips that count nothing step back. */
  count(key: string, count: number | null): void {
    const note = this.#notes.get(key);
    const text = count === null ? '' : String(count);
    if (note === undefined || note.textContent === text) return;
    note.textContent = text;
    this.#buttons.get(key)?.classList.toggle('is-zero', count === 0);
  }

  #make({ key, label, mark }: Chip, onPress: OnPress): HTMLButtonElement {
    const note = h('span', { class: 'chip-count' });
    const button = h('button', { type: 'button', class: 'chip', 'aria-pressed': 'false' });
    if (mark !== undefined) button.append(mark);
    button.append(h('span', {}, label), note);
    button.addEventListener('click', (event) =>
      onPress(key, event.ctrlKey || event.metaKey || event.shiftKey),
    );
    this.#buttons.set(key, button);
    this.#notes.set(key, note);
    return button;
  }
}
