/** Which language to speak, each named in itself, for who cannot read the others. */
import { chooseLanguage, chosenLanguage, isLanguage, LANGUAGES } from '../language.ts';
import { t } from '../texts.ts';
import { h } from './dom.ts';

export class LanguageSelect {
  readonly element: HTMLSelectElement;

  constructor(asBrowser: string) {
    const options = Object.entries(LANGUAGES).map(([value, name]) =>
      h('option', { value, lang: value }, name),
    );
    this.element = h(
      'select',
      { 'aria-label': t('Language') },
      h('option', { value: '' }, asBrowser),
      ...options,
    );
    this.restore();
  }

  /** What was chosen last. */
  restore(): void {
    this.element.value = chosenLanguage(document.cookie) ?? '';
  }

  /** Whether it is another one, so that the page must begin anew. */
  save(): boolean {
    const { value } = this.element;
    const before = chosenLanguage(document.cookie);
    const chosen = isLanguage(value) ? value : null;
    chooseLanguage(chosen);
    return chosen !== before;
  }
}

/** For pages without a sheet of settings: a choice holds at once. */
export function languageLine(): HTMLElement {
  const select = new LanguageSelect(t('As the browser'));
  select.element.addEventListener('change', () => {
    if (select.save()) location.reload();
  });
  return h('label', { class: 'language-line' }, h('span', {}, t('Language')), select.element);
}
