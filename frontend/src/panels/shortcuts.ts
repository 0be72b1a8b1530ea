/** Single keys for the whole page, out of the way of typing and of scrolling. */

const TYPED_INTO = 'input:not([type=range]), textarea, select, dialog, [role=log]';

export interface Shortcut {
  readonly key: string;
  readonly what: string;
  run(): void;
  /** Left out: always. */
  isOff?(): boolean;
}

export function listenForKeys(shortcuts: readonly Shortcut[]): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target instanceof Element && isTyping(event.target)) return;
    const shortcut = shortcuts.find(({ key, isOff }) => key === event.key && isOff?.() !== true);
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  });
}

/** What is not shown takes no keys: a closed dialog, or a hidden form, keeps the focus until the next frame. */
export function isTyping(target: Pick<Element, 'closest' | 'checkVisibility'>): boolean {
  return target.closest(TYPED_INTO) !== null && target.checkVisibility();
}
