/** Light or dark: as the system says, until the reader says otherwise. */
import type { Theme } from '../map/types.ts';

/** `public/theme.js` reads it before the first paint. */
const STORAGE_KEY = 'fleet-theme';

export class ThemeSwitch {
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  readonly #onChange: (theme: Theme) => void;

  /** `button`: null where something else calls `toggle`. */
  constructor(button: HTMLElement | null, onChange: (theme: Theme) => void) {
    this.#onChange = onChange;
    this.#system.addEventListener('change', () => onChange(this.theme));
    button?.addEventListener('click', () => this.toggle());
  }

  get theme(): Theme {
    const chosen = document.documentElement.dataset.theme;
    if (chosen === 'light' || chosen === 'dark') return chosen;
    return this.#system.matches ? 'dark' : 'light';
  }

  toggle(): void {
    const theme = this.theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(STORAGE_KEY, theme);
    this.#onChange(theme);
  }
}
