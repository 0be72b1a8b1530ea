/** The driver's page: finds out whose phone this is, and pairs it. */
import '../styles/base.css';
import '../styles/login.css';
import '../styles/conversation.css';
import '../styles/drive.css';
import { pair } from '../drive/api.ts';
import { ON_DUTY } from '../drive/duty.ts';
import { keepOffline } from '../drive/install.ts';
import { Outbox } from '../drive/outbox.ts';
import { findCode } from '../drive/pair-code.ts';
import { keepsOutbox, type Pairing } from '../drive/pairing.ts';
import { loadTexts } from '../language.ts';
import { mountPoint } from '../panels/dom.ts';
import { DrivePairing } from '../panels/drive-pairing.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { counted, t } from '../texts.ts';
import { DrivePage } from './drive-page.ts';

await loadTexts();
document.title = `${t('Drive')} – Fleet`;
const container = mountPoint('drive');
const theme = new ThemeSwitch(null, () => undefined);
let page: DrivePage | null = null;

async function show(outbox: Outbox): Promise<void> {
  const pairing = await outbox.find('pairing');
  const code = findCode(location.hash);
  if (pairing === null || code !== null) showPairing(outbox, pairing, code);
  else await showPage(outbox, pairing);
}

function showPairing(outbox: Outbox, before: Pairing | null, code: string | null): void {
  page?.close();
  page = null;
  const view = new DrivePairing({
    code,
    pairedWith: before?.name ?? null,
    onPair: (typed) => pairWith(outbox, before, typed),
    onCancel: () => {
      forgetAddress();
      void show(outbox);
    },
  });
  container.replaceChildren(view.element);
}

async function pairWith(outbox: Outbox, before: Pairing | null, code: string): Promise<string> {
  const pairing = await pair(code);
  if (typeof pairing === 'string') return pairing;
  if (outbox.count > 0 && !keepsOutbox(before, pairing)) {
    const name = before?.name ?? '';
    if (!confirm(lossText(outbox.count, name, pairing.name))) return t('Still paired with {name}.', { name });
  }
  if (!keepsOutbox(before, pairing)) await outbox.clear();
  await outbox.keep('pairing', pairing);
  forgetAddress();
  // The browser may else throw away what waits when room is short.
  void navigator.storage?.persist?.();
  await show(outbox);
  return '';
}

function lossText(count: number, name: string, other: string): string {
  return counted(
    '{count} fix of {name} was not sent and cannot be sent as one of {other}. Delete it?',
    '{count} fixes of {name} were not sent and cannot be sent as those of {other}. Delete them?',
    count,
    { name, other },
  );
}

async function showPage(outbox: Outbox, pairing: Pairing): Promise<void> {
  page?.close();
  page = new DrivePage(container, {
    ...{ outbox, pairing },
    duty: (await outbox.find('duty')) ?? ON_DUTY,
    isStarted: (await outbox.find('isStarted')) ?? false,
    onRename: (vehicle) => void rename(outbox, { ...pairing, vehicle }),
    onPair: () => showPairing(outbox, pairing, null),
    onForget: () => void forget(outbox),
    onTheme: () => theme.toggle(),
  });
  await page.open();
}

/** What waits is of the same vehicle. */
async function rename(outbox: Outbox, pairing: Pairing): Promise<void> {
  await outbox.keep('pairing', pairing);
  location.reload();
}

async function forget(outbox: Outbox): Promise<void> {
  const question = t('Unpair this phone?');
  const loss = counted(
    '{count} fix was not sent and will be deleted.',
    '{count} fixes were not sent and will be deleted.',
    outbox.count,
  );
  if (!confirm(outbox.count === 0 ? question : `${question} ${loss}`)) return;
  page?.close();
  page = null;
  await outbox.clear();
  await show(outbox);
}

/** The code was used, or is not wanted. */
function forgetAddress(): void {
  history.replaceState(null, '', location.pathname);
}

keepOffline();
window.addEventListener('hashchange', () => location.reload());
Outbox.open().then(show, () => {
  container.textContent = t('This browser keeps nothing for this page. Open it outside of private browsing.');
});
