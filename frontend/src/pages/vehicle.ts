/** A vehicle's pages: the forms work without script; this brings the styles, local times, copying, a question before revoking, and a word while it takes. */
import '../styles/base.css';
import '../styles/page.css';
import '../styles/vehicle.css';
import { dateAndTimeText, momentText } from '../format.ts';
import { loadTexts } from '../language.ts';
import { mountPoint } from '../panels/dom.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { readFormats } from '../reader-formats.ts';
import { t } from '../texts.ts';

const SHOWN_FOR_MS = 2000;

async function copy(button: HTMLElement, id: string): Promise<void> {
  const label = button.textContent;
  await navigator.clipboard.writeText(mountPoint(id).textContent ?? '');
  button.textContent = t('Copied');
  setTimeout(() => {
    button.textContent = label;
  }, SHOWN_FOR_MS);
}

await loadTexts();
readFormats();
new ThemeSwitch(mountPoint('theme-button'), () => undefined);
for (const time of document.querySelectorAll('time')) {
  const timeMs = Date.parse(time.dateTime);
  const isDated = time.hasAttribute('data-dated');
  time.textContent = isDated ? dateAndTimeText(timeMs) : momentText(timeMs, Date.now());
}
for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  button.addEventListener('click', () => void copy(button, button.dataset.copy ?? ''));
}
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-confirm]')) {
  form.addEventListener('submit', (event) => {
    if (!confirm(form.dataset.confirm)) event.preventDefault();
  });
}
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-busy]')) {
  form.addEventListener('submit', () => {
    const button = form.querySelector('button');
    if (button === null) return;
    button.disabled = true;
    button.textContent = form.dataset.busy ?? '';
  });
}
