/** The audit: who looked at whose history, the newest first, narrowed by user, vehicle and days. */
import '../styles/base.css';
import '../styles/page.css';
import '../styles/shares.css';
import '../styles/audit.css';
import { FILTERS, isLook, type Look, questionOf } from '../audit/look.ts';
import { loadTexts } from '../language.ts';
import { h, mountPoint } from '../panels/dom.ts';
import { lookTable } from '../panels/look-table.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { readFormats } from '../reader-formats.ts';
import { loadPage } from '../rest.ts';
import { t } from '../texts.ts';

const URL_OF_AUDIT = '/api/v1/audit';

await loadTexts();
const zone = readFormats();
const form = document.querySelector<HTMLFormElement>('#filter');
const list = mountPoint('looks');
const state = mountPoint('state');
const more = mountPoint('looks-more');
let looks: readonly Look[] = [];
let next: string | null = null;
/** A late answer to an old question is dropped. */
let loads = 0;

async function load(cursor: string | null): Promise<void> {
  loads += 1;
  const own = loads;
  const question = questionOf(new URLSearchParams(location.search), zone);
  try {
    const page = await loadPage(URL_OF_AUDIT, cursor === null ? question : { ...question, cursor }, isLook);
    if (own !== loads) return;
    looks = cursor === null ? page.items : [...looks, ...page.items];
    next = page.next;
    state.textContent = '';
    const none = h('p', { class: 'shares-none' }, t('Nobody looked.'));
    list.replaceChildren(looks.length === 0 ? none : lookTable(looks));
    more.hidden = next === null;
  } catch {
    state.textContent = t('The audit could not be loaded. Reload the page to try again.');
  }
}

function field(name: string): HTMLInputElement | null {
  return form?.querySelector<HTMLInputElement>(`[name=${name}]`) ?? null;
}

function fill(): void {
  const said = new URLSearchParams(location.search);
  for (const name of FILTERS) {
    const input = field(name);
    if (input !== null) input.value = said.get(name) ?? '';
  }
}

function ask(event: Event): void {
  event.preventDefault();
  const said = FILTERS.map((name) => [name, field(name)?.value.trim() ?? '']).filter(
    ([, value]) => value !== '',
  );
  const query = new URLSearchParams(said);
  history.pushState(null, '', query.size === 0 ? location.pathname : `${location.pathname}?${query}`);
  void load(null);
}

new ThemeSwitch(mountPoint('theme-button'), () => undefined);
form?.addEventListener('submit', ask);
more.addEventListener('click', () => void load(next));
window.addEventListener('popstate', () => {
  fill();
  void load(null);
});
fill();
void load(null);
