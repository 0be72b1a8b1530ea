/** The page of links: all that one has made, newest first; staff sees everybody's. */
import '../styles/base.css';
import '../styles/page.css';
import '../styles/shares.css';
import { loadTexts } from '../language.ts';
import { h, mountPoint } from '../panels/dom.ts';
import { shareTable } from '../panels/share-table.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { readFormats } from '../reader-formats.ts';
import { loadPage } from '../rest.ts';
import { isMadeShare, type MadeShare, revokeShare } from '../shares.ts';
import { counted, t } from '../texts.ts';

const URL_OF_SHARES = '/api/v1/shares';

await loadTexts();
readFormats();
const list = mountPoint('shares');
const state = mountPoint('shares-state');
const more = mountPoint('shares-more');
let shares: readonly MadeShare[] = [];
let next: string | null = null;

async function load(cursor: string | null): Promise<void> {
  try {
    const page = await loadPage(URL_OF_SHARES, cursor === null ? {} : { cursor }, isMadeShare);
    shares = cursor === null ? page.items : [...shares, ...page.items];
    next = page.next;
    show();
  } catch {
    state.textContent = t('The links could not be loaded. Reload the page to try again.');
  }
}

function show(): void {
  const active = shares.filter((share) => share.state === 'active').length;
  state.textContent = shares.length === 0 ? '' : counted('{count} active', '{count} active', active);
  more.hidden = next === null;
  const none = h(
    'p',
    { class: 'shares-none' },
    t('No links yet. Share a vehicle from its card on the live map, a region from the menu.'),
  );
  const table = shareTable(shares, { nowMs: Date.now(), onRevoke: (share) => void revoke(share) });
  list.replaceChildren(shares.length === 0 ? none : table);
}

async function revoke({ id }: MadeShare): Promise<void> {
  try {
    await revokeShare(URL_OF_SHARES, id);
    await load(null);
  } catch {
    state.textContent = t('The link could not be revoked. Try again.');
  }
}

new ThemeSwitch(mountPoint('theme-button'), () => undefined);
more.addEventListener('click', () => void load(next));
void load(null);
