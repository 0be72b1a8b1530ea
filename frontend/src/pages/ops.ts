/** The operators' page: asks for every process's report every two seconds and shows what changed. */
import '../styles/base.css';
import '../styles/ops.css';
import { type ProcessReport, type Reports, ratesBetween } from '../ops/report.ts';
import { mountPoint } from '../panels/dom.ts';
import { OpsProcess } from '../panels/ops-process.ts';
import { ThemeSwitch } from '../panels/theme.ts';

const ASK_EVERY_MS = 2000;

const state = mountPoint('ops-state');
const list = mountPoint('processes');
const panels = new Map<string, OpsProcess>();
let before = new Map<string, ProcessReport>();

function show(reports: Reports): void {
  const sorted = reports.processes.toSorted((a, b) => a.host.localeCompare(b.host) || a.pid - b.pid);
  const now = new Map(sorted.map((report) => [report.process, report]));
  for (const process of panels.keys()) if (!now.has(process)) forget(process);
  for (const report of sorted) {
    panelOf(report.process).show(report, ratesBetween(before.get(report.process), report), reports.users);
  }
  before = now;
  state.textContent = sorted.length === 1 ? '1 process' : `${sorted.length} processes`;
  state.removeAttribute('data-kind');
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
  if (!response.ok) complain(`The order was refused (${response.status}).`);
}

async function ask(): Promise<void> {
  try {
    const response = await fetch('/ops/reports');
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    show((await response.json()) as Reports);
  } catch (error) {
    complain(`Not heard: ${error instanceof Error ? error.message : String(error)}`);
  }
  setTimeout(() => void ask(), document.hidden ? 5 * ASK_EVERY_MS : ASK_EVERY_MS);
}

function complain(text: string): void {
  state.textContent = text;
  state.dataset.kind = 'alarm';
}

new ThemeSwitch(mountPoint('theme-button'), () => undefined);
void ask();
