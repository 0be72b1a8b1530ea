/** The keys of the history page, and the sheet that lists them. */
import { mountPoint } from '../panels/dom.ts';
import { KeySheet } from '../panels/key-sheet.ts';
import { listenForKeys, type Shortcut } from '../panels/shortcuts.ts';
import { t } from '../texts.ts';

const ARROWS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
};

export function listenForHistoryKeys(shortcuts: readonly Shortcut[]): void {
  const own = shortcuts.map(({ key, what }) => [nameOf(key), what] as const);
  const chart = [
    [t('Drag in the chart'), t('look closer at a part of the time')],
    [t('Double click in the chart'), t('look at all of it again')],
  ] as const;
  const sheet = new KeySheet([...own, ...chart, ['?', t('these keys')]]);
  listenForKeys([...shortcuts, { key: '?', what: '', run: () => sheet.toggle() }]);
  mountPoint('keys-button').addEventListener('click', () => sheet.toggle());
}

function nameOf(key: string): string {
  return key === ' ' ? t('Space') : (ARROWS[key] ?? key);
}
