import { expect, it } from 'vitest';
import { isTyping } from '../../src/panels/shortcuts.ts';

const place = (asked: readonly string[], isShown: boolean) => ({
  closest: (selector: string) => (asked.some((one) => selector.includes(one)) ? ({} as Element) : null),
  checkVisibility: () => isShown,
});

it('leaves keys to fields, dialogs and the log', () => {
  for (const name of ['input', 'textarea', 'select', 'dialog', '[role=log]'])
    expect(isTyping(place([name], true))).toBe(true);
});

it('takes keys from what was closed and has the focus until the next frame', () => {
  expect(isTyping(place(['dialog'], false))).toBe(false);
});

it('takes keys from everything else', () => {
  expect(isTyping(place(['button'], true))).toBe(false);
});
