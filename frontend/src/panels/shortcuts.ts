/** Single keys for the whole page, out of the way of typing and of scrolling. */

export interface Shortcut {
  readonly key: string;
  readonly what: string;
  run(): void;
  /** Left out: always. */
  isOff?(): boolean;
}

export function listenForKeys(shortcuts: readonly Shortcut[]): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target))
      return;
    const shortcut = shortcuts.find(({ key, isOff }) => key === event.key && isOff?.() !== true);
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=range]), textarea, select, dialog, [role=log]') !== null
  );
}
