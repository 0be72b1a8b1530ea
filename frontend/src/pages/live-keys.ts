/** The keys of the live page, and the sheet that lists them. */
import { mountPoint } from '../panels/dom.ts';
import { KeySheet } from '../panels/key-sheet.ts';
import { listenForKeys, type Shortcut } from '../panels/shortcuts.ts';
import { mark, t } from '../texts.ts';

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowDown: '↓',
  Backspace: '⌫',
  Escape: 'Esc',
};
const CLICK = mark('click');
/** What the list does with keys by itself. */
const OF_LIST = [
  [() => '↑ ↓', mark('go through the list')],
  [() => 'Enter', mark('show the vehicle on the map')],
  [() => `Ctrl + ${t(CLICK)}`, mark('one more vehicle or region, or one fewer')],
  [() => `Shift + ${t(CLICK)}, Shift + ↓`, mark('all vehicles up to there')],
  [() => 'Ctrl + A', mark('all vehicles of the list')],
] as const;

export function listenForLiveKeys(shortcuts: readonly Shortcut[]): void {
  const own = shortcuts.map(({ key, what }) => [nameOf(key), what] as const);
  const ofList = OF_LIST.map(([keys, what]) => [keys(), t(what)] as const);
  const sheet = new KeySheet([...own, ...ofList, ['?', t('these keys')]]);
  listenForKeys([...shortcuts, { key: '?', what: '', run: () => sheet.toggle() }]);
  mountPoint('keys-button').addEventListener('click', () => sheet.toggle());
}

function nameOf(key: string): string {
  return key === ' ' ? t('Space') : (SIGNS[key] ?? key);
}
