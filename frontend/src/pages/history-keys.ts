/** The keys of the history page, and the sheet that lists them. */
import { mountPoint } from '../panels/dom.ts';
import { KeySheet } from '../panels/key-sheet.ts';
import { listenForKeys, type Shortcut } from '../panels/shortcuts.ts';

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
};

export function listenForHistoryKeys(shortcuts: readonly Shortcut[]): void {
  const own = shortcuts.map(({ key, what }) => [NAMES[key] ?? key, what] as const);
  const chart = [
    ['Drag in the chart', 'look closer at a part of the time'],
    ['Double click in the chart', 'look at all of it again'],
  ] as const;
  const sheet = new KeySheet([...own, ...chart, ['?', 'these keys']]);
  listenForKeys([...shortcuts, { key: '?', what: '', run: () => sheet.toggle() }]);
  mountPoint('keys-button').addEventListener('click', () => sheet.toggle());
}
