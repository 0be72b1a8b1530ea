/** Lets each way run alone, with several clients at once, and asks the server what it spent meanwhile. */
import type { ServerClock } from '../clock.ts';
import { t } from '../texts.ts';
import { type CpuReading, type CpuShare, cpuShare, type Spent, spentBetween } from './cpu-share.ts';
import type { WayOptions } from './way.ts';
import { WayRun } from './way-run.ts';
import { WAYS, type Way } from './ways.ts';

/** Browsers open six connections to a host over HTTP/1.1; one is left for asking. */
const CLIENTS = 5;
const STRETCH_MS = 5000;
/** For the snapshots, which are no updates. */
const SETTLE_MS = 1000;

export class SeveralProcesses extends Error {}

/** `tell` hears what is measured now. Throws SeveralProcesses, or what fetch throws. */
export async function measureCpu(
  options: WayOptions,
  clock: ServerClock,
  tell: (what: string) => void,
): Promise<ReadonlyMap<Way, CpuShare>> {
  tell(t('the server without this page'));
  const idle = [await measureStretch()];
  const runs: [Way, Spent, number][] = [];
  for (const way of WAYS) {
    tell(t(way.title));
    runs.push([way, ...(await measureAlone(way, options, clock))]);
  }
  tell(t('the server without this page, again'));
  idle.push(await measureStretch());
  return new Map(runs.map(([way, spent, updates]) => [way, cpuShare(spent, updates, idle)]));
}

async function measureAlone(way: Way, options: WayOptions, clock: ServerClock): Promise<[Spent, number]> {
  const runs = Array.from({ length: CLIENTS }, () => new WayRun(way.start, clock));
  for (const run of runs) run.start(options);
  const updates = () => runs.reduce((sum, run) => sum + run.meter.updates, 0);
  try {
    await sleep(SETTLE_MS);
    const updatesBefore = updates();
    const spent = await measureStretch();
    return [spent, updates() - updatesBefore];
  } finally {
    for (const run of runs) run.stop();
  }
}

async function measureStretch(): Promise<Spent> {
  const startMs = performance.now();
  const before = await readCpu();
  await sleep(STRETCH_MS);
  const after = await readCpu();
  const spent = spentBetween(before, after, (performance.now() - startMs) / 1000);
  if (spent === null) throw new SeveralProcesses();
  return spent;
}

async function readCpu(): Promise<CpuReading> {
  const response = await fetch('/lab/cpu', { cache: 'no-store' });
  if (!response.ok) throw new Error(`/lab/cpu answered ${response.status}`);
  return (await response.json()) as CpuReading;
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
