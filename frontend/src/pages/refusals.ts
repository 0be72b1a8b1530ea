/** Refused fixes: nothing that a device sent disappears without a trace. Looks again every half minute. */
import '../styles/base.css';
import '../styles/page.css';
import '../styles/refusals.css';
import { onComeback } from '../comeback.ts';
import { loadTexts } from '../language.ts';
import { mountPoint } from '../panels/dom.ts';
import { RefusalList } from '../panels/refusal-list.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { readFormats } from '../reader-formats.ts';
import { groupsOf, matching } from '../refusals/groups.ts';
import { isRefusal, type Refusal } from '../refusals/refusal.ts';
import { loadPages, send } from '../rest.ts';
import { counted, t } from '../texts.ts';

const URL_OF_ALL = '/api/v1/refusals';
const LOOK_EVERY_MS = 30_000;
const PAGE_SIZE = 1000;
const MOST_PAGES = 10;

await loadTexts();
readFormats();
const { mayAdopt, everything } = mountPoint('refusals').dataset;
const state = mountPoint('state');
const empty = mountPoint('empty');
const search = document.querySelector<HTMLInputElement>('#search');
const unknown = new RefusalList(
  t('Not known here'),
  t(
    'A gateway names them, and no vehicle is called so. Adopting one makes a vehicle of the name: from then on its fixes are kept.',
  ),
  mayAdopt === undefined ? null : (name) => void adopt(name),
);
const known = new RefusalList(
  t('Vehicles'),
  t('What their devices sent and the archive did not take.'),
  null,
);
let refusals: readonly Refusal[] | null = null;
let hasMore = false;

async function look(): Promise<void> {
  try {
    const page = await loadPages(URL_OF_ALL, { limit: PAGE_SIZE }, isRefusal, MOST_PAGES);
    refusals = page.items;
    hasMore = page.next !== null;
    show();
  } catch (error) {
    complain(t('Not heard: {error}', { error: error instanceof Error ? error.message : String(error) }));
  }
}

async function adopt(name: string): Promise<void> {
  const answer = await send('POST', `${URL_OF_ALL}/adopt`, { named: name });
  await look();
  if (answer.problem === null)
    say(t('{name} is a vehicle now. It shows on the map with its next fix.', { name }));
  else complain(answer.problem.detail);
}

function show(): void {
  if (refusals === null) return;
  const text = search?.value ?? '';
  const groups = groupsOf(matching(refusals, text));
  const nowMs = Date.now();
  unknown.show(
    groups.filter(({ slug }) => slug === null),
    nowMs,
  );
  known.show(
    groups.filter(({ slug }) => slug !== null),
    nowMs,
  );
  empty.hidden = groups.length > 0;
  empty.textContent = emptyText(text.trim());
  say(stateText(refusals));
}

function emptyText(text: string): string {
  if (refusals !== null && refusals.length > 0)
    return t('Nothing that was refused has “{text}” in its name.', { text });
  return everything === undefined
    ? t('Nothing was refused of the vehicles that are in your regions now.')
    : t('Nothing was refused: every fix that came in these 90 days is in the archive.');
}

function stateText(all: readonly Refusal[]): string {
  const count = all.reduce((sum, refusal) => sum + refusal.count, 0);
  if (hasMore) return t('the first {count} kinds of refusals, there are more', { count: all.length });
  return count === 0 ? '' : counted('{count} refused in 90 days', '{count} refused in 90 days', count);
}

function say(text: string): void {
  state.textContent = text;
  state.removeAttribute('data-kind');
}

function complain(text: string): void {
  state.textContent = text;
  state.dataset.kind = 'alarm';
}

function remember(): void {
  const address = new URL(location.href);
  const text = search?.value.trim() ?? '';
  if (text === '') address.searchParams.delete('vehicle');
  else address.searchParams.set('vehicle', text);
  history.replaceState(null, '', address);
}

new ThemeSwitch(mountPoint('theme-button'), () => undefined);
mountPoint('refusals').append(unknown.element, known.element);
if (search !== null) {
  search.value = new URLSearchParams(location.search).get('vehicle') ?? '';
  search.addEventListener('input', () => {
    remember();
    show();
  });
}
onComeback(() => void look());
void look();
setInterval(() => !document.hidden && void look(), LOOK_EVERY_MS);
