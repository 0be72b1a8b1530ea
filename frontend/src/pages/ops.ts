/** The operators' page: every process and who is connected, as the live room tells it; while that is silent it asks every two seconds. */
import '../styles/base.css';
import '../styles/page.css';
import '../styles/ops.css';
import { onComeback } from '../comeback.ts';
import { People } from '../desk/people.ts';
import { loadTexts } from '../language.ts';
import { Comings } from '../ops/comings.ts';
import { OpsLive } from '../ops/ops-live.ts';
import { RateBook } from '../ops/rate-book.ts';
import type { ProcessReport, Reports } from '../ops/report.ts';
import { mountPoint } from '../panels/dom.ts';
import { OpsPeople } from '../panels/ops-people.ts';
import { OpsProcess } from '../panels/ops-process.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { endText } from '../problem-text.ts';
import type { Note } from '../protocol.ts';
import { counted, t } from '../texts.ts';
import { openLive } from '../transports/live.ts';

const TICK_MS = 2000;
/** Nobody looks at a hidden page: it asks at every fifth tick. */
const HIDDEN_TICKS = 5;
const ROOM = 'admin:ops';
const USER = 'user:';

await loadTexts();
const state = mountPoint('ops-state');
const list = mountPoint('processes');
const panels = new Map<string, OpsProcess>();
const rates = new RateBook();
const people = new People();
const comings = new Comings();
const peoplePanel = new OpsPeople();
/** By id. */
let users: Readonly<Record<string, string>> = {};
let problem = '';
let ticks = 0;

const live = new OpsLive(openLive({ base: new URL('/live/v1/', location.href), token: null }), {
  noted: (note) => take(note),
});

function take(note: Note): void {
  if (note.type === 'ops') {
    problem = '';
    show(note.processes);
    return;
  }
  if (note.type !== 'presence') return;
  people.hear(note);
  comings.hear(note);
  const named = note.people.filter(({ who }) => who.startsWith(USER));
  users = { ...users, ...Object.fromEntries(named.map(({ who, name }) => [who.slice(USER.length), name])) };
  showPeople();
}

function show(reports: readonly ProcessReport[]): void {
  const sorted = reports.toSorted((a, b) => a.host.localeCompare(b.host) || a.pid - b.pid);
  rates.note(sorted);
  const present = new Set(sorted.map(({ process }) => process));
  for (const process of panels.keys()) if (!present.has(process)) forget(process);
  for (const report of sorted) panelOf(report.process).show(report, rates.ratesOf(report.process), users);
  showState();
}

function showPeople(): void {
  const known = people.in(ROOM);
  if (known !== null) peoplePanel.show(known, comings.entries, live.serverNowMs);
}

function showState(): void {
  const count = counted('{count} process', '{count} processes', panels.size);
  const way = live.isReporting(Date.now())
    ? t('live')
    : t('asking every {age}', { age: `${TICK_MS / 1000} s` });
  const end =
    live.endReason === null ? '' : t('live room ended: {reason}', { reason: endText(live.endReason) });
  state.textContent = problem || [count, way, end].filter(Boolean).join(' · ');
  if (problem === '') state.removeAttribute('data-kind');
  else state.dataset.kind = 'alarm';
}

function panelOf(process: string): OpsProcess {
  const known = panels.get(process);
  if (known !== undefined) return known;
  const panel = new OpsProcess(process, {
    drain: (name) => void order({ process: name, do: 'drain' }),
    end: (name, connection) => void order({ process: name, do: 'end', connection }),
  });
  panels.set(process, panel);
  list.append(panel.element);
  return panel;
}

function forget(process: string): void {
  panels.get(process)?.element.remove();
  panels.delete(process);
}

async function order(what: Readonly<Record<string, string>>): Promise<void> {
  const token = document.querySelector<HTMLInputElement>('[name=csrfmiddlewaretoken]')?.value ?? '';
  const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': token };
  const response = await fetch('/ops/orders', { method: 'POST', headers, body: JSON.stringify(what) });
  if (!response.ok) complain(t('The order was refused ({status}).', { status: String(response.status) }));
}

async function ask(): Promise<void> {
  try {
    const response = await fetch('/ops/reports');
    if (!response.ok)
      throw new Error(t('The server answered {status}.', { status: String(response.status) }));
    const reports = (await response.json()) as Reports;
    users = { ...reports.users, ...users };
    problem = '';
    show(reports.processes);
  } catch (error) {
    complain(t('Not heard: {error}', { error: error instanceof Error ? error.message : String(error) }));
  }
}

function complain(text: string): void {
  problem = text;
  showState();
}

function tick(): void {
  const isDue = !document.hidden || ticks % HIDDEN_TICKS === 0;
  ticks += 1;
  if (isDue && !live.isReporting(Date.now())) void ask();
  showPeople();
}

new ThemeSwitch(mountPoint('theme-button'), () => undefined);
list.before(peoplePanel.element);
onComeback(() => live.nudge());
live.start();
tick();
setInterval(tick, TICK_MS);
