/** The keys of the live page, and the sheet that lists them. */
import { mountPoint } from '../panels/dom.ts';
import { KeySheet } from '../panels/key-sheet.ts';
import { listenForKeys, type Shortcut } from '../panels/shortcuts.ts';

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowDown: '↓',
  Backspace: '⌫',
  Escape: 'Esc',
};
/** What the list does with keys by itself. */
const OF_LIST = [
  ['↑ ↓', 'go through the list'],
  ['Enter', 'show the vehicle on the map'],
  ['Ctrl + click', 'one more vehicle or region, or one fewer'],
  ['Shift + click, Shift + ↓', 'all vehicles up to there'],
  ['Ctrl + A', 'all vehicles of the list'],
] as const;

export function listenForLiveKeys(shortcuts: readonly Shortcut[]): void {
  const own = shortcuts.map(({ key, what }) => [NAMES[key] ?? key, what] as const);
  const sheet = new KeySheet([...own, ...OF_LIST, ['?', 'these keys']]);
  listenForKeys([...shortcuts, { key: '?', what: '', run: () => sheet.toggle() }]);
  mountPoint('keys-button').addEventListener('click', () => sheet.toggle());
}
