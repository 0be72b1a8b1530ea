/** Buttons for what one does on the map by hand, in its corner, and what the ruler says. */
import { distanceText } from '../format.ts';
import type { Measured } from '../map/types.ts';
import { t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { type IconName, icon } from './icons.ts';

export interface MapTool {
  readonly name: string;
  readonly icon: IconName;
  readonly label: string;
  readonly key: string;
  run(): void;
}

export class MapTools {
  readonly #buttons = new Map<string, HTMLButtonElement>();
  readonly #measured = new Text();
  readonly #ruler: HTMLElement;

  constructor(area: HTMLElement, tools: readonly MapTool[], onEnd: () => void) {
    const bar = h('div', { class: 'map-tools', role: 'toolbar', 'aria-label': t('Map') });
    bar.append(...tools.map((tool) => this.#make(tool)));
    const end = h('button', { type: 'button', class: 'button is-small' }, t('Done'));
    end.addEventListener('click', onEnd);
    this.#ruler = h(
      'div',
      { class: 'ruler-note', role: 'note', 'aria-label': t('Measured'), hidden: true },
      icon('ruler'),
      h('span', { class: 'ruler-text' }, this.#measured.node),
      end,
    );
    area.append(bar, this.#ruler);
  }

  press(name: string, isPressed: boolean): void {
    this.#buttons.get(name)?.setAttribute('aria-pressed', String(isPressed));
  }

  /** Null: nobody measures. */
  showMeasured(measured: Measured | null): void {
    this.#ruler.hidden = measured === null;
    if (measured === null) return;
    const isBegun = measured.points > 0;
    this.#measured.show(isBegun ? distanceText(measured.distanceM) : t('Click where to begin'));
  }

  #make({ name, icon: picture, label, key, run }: MapTool): HTMLButtonElement {
    const attributes = { type: 'button', 'aria-label': label, title: `${label} (${key})` };
    const button = h('button', { ...attributes, 'aria-keyshortcuts': key }, icon(picture));
    button.addEventListener('click', run);
    this.#buttons.set(name, button);
    return button;
  }
}
