/** The lab: four ways with the same region, their figures, a minute of each, and the frames as they pass. */
import { ServerClock } from '../clock.ts';
import { mountPoint } from '../panels/dom.ts';
import { numberText, t } from '../texts.ts';
import { pushCapped, smoothed, type Value } from './chart-scale.ts';
import { CHART_S, ChartView } from './chart-view.ts';
import type { Controls } from './controls.ts';
import { measureCpu, SeveralProcesses } from './cpu-test.ts';
import { FrameViewer } from './frame-viewer.ts';
import type { WayOptions } from './way.ts';
import { WayCard } from './way-card.ts';
import { WayRun } from './way-run.ts';
import { WAYS, type Way } from './ways.ts';

const TICK_MS = 1000;
const FRAMES_EVERY_MS = 400;
const SMOOTHED_OVER_S = 5;

interface Column {
  readonly way: Way;
  readonly run: WayRun;
  readonly card: WayCard;
  countedBytes: number;
  readonly bytesPerSecond: Value[];
  readonly pictureAgesMs: Value[];
}

export class LabPage {
  readonly #clock = new ServerClock();
  readonly #controls: Controls;
  readonly #ownHeaderBytes: number;
  readonly #columns: readonly Column[];
  readonly #frames: FrameViewer;
  readonly #bytesChart = new ChartView({
    container: mountPoint('bytes-chart'),
    title: t('Bytes a second'),
    note: t('Up and down, headers and payload; mean of {time}.', { time: `${SMOOTHED_OVER_S} s` }),
    leastTop: 1000,
    text: (bytes) => `${shortText(bytes / 1000)} kB/s`,
  });
  readonly #agesChart = new ChartView({
    container: mountPoint('ages-chart'),
    title: t('Age of the picture'),
    note: t('How long ago the vehicle in the middle was where the page believes it to be.'),
    leastTop: 1000,
    text: (ageMs) => `${shortText(ageMs / 1000)} s`,
  });
  #tickedMs = performance.now();

  constructor(controls: Controls, ownHeaderBytes: number) {
    this.#controls = controls;
    this.#ownHeaderBytes = ownHeaderBytes;
    this.#columns = WAYS.map((way) => this.#makeColumn(way));
    mountPoint('ways').append(...this.#columns.map(({ card }) => card.element));
    const runs = new Map(this.#columns.map(({ way, run }) => [way.name, run]));
    this.#frames = new FrameViewer(mountPoint('frame-viewer'), (name) => runs.get(name)?.passages ?? []);
    controls.listen({
      changed: () => this.#startAgain(),
      startAll: () => this.#startAll(),
      stopAll: () => this.#stopAll(),
      measureCpu: () => void this.#measureCpu(),
    });
    setInterval(() => this.#tick(), TICK_MS);
    setInterval(() => this.#frames.refresh(), FRAMES_EVERY_MS);
    this.#startAll();
  }

  #makeColumn(way: Way): Column {
    const run = new WayRun(way.start, this.#clock);
    const card = new WayCard(way, () => {
      if (run.isRunning) run.stop();
      else this.#start(column);
      this.#show(column);
    });
    const column: Column = { way, run, card, countedBytes: 0, bytesPerSecond: [], pictureAgesMs: [] };
    return column;
  }

  get #options(): WayOptions {
    const { channel, pollEveryMs } = this.#controls;
    return { channel, pollEveryMs, ownHeaderBytes: this.#ownHeaderBytes };
  }

  #start(column: Column): void {
    column.countedBytes = 0;
    column.run.start(this.#options);
  }

  #startAll(): void {
    for (const column of this.#columns) this.#start(column);
    this.#showAll();
  }

  #stopAll(): void {
    for (const { run } of this.#columns) run.stop();
    this.#showAll();
  }

  /** With another region or interval all figures begin anew, so that they can be compared. */
  #startAgain(): void {
    for (const column of this.#columns.filter(({ run }) => run.isRunning)) this.#start(column);
    this.#showAll();
  }

  #tick(): void {
    const nowMs = performance.now();
    const elapsed_s = (nowMs - this.#tickedMs) / 1000;
    this.#tickedMs = nowMs;
    const serverNowMs = this.#clock.serverTimeMs(Date.now());
    for (const column of this.#columns) {
      const { run, bytesPerSecond, pictureAgesMs } = column;
      const { totalBytes } = run.meter;
      const isOn = run.isRunning;
      pushCapped(bytesPerSecond, isOn ? (totalBytes - column.countedBytes) / elapsed_s : null, CHART_S);
      pushCapped(pictureAgesMs, isOn ? run.picture.medianAgeMs(serverNowMs) : null, CHART_S);
      column.countedBytes = totalBytes;
    }
    this.#showAll();
    this.#bytesChart.show(
      this.#columns.map(({ bytesPerSecond }) => smoothed(bytesPerSecond, SMOOTHED_OVER_S)),
    );
    this.#agesChart.show(this.#columns.map(({ pictureAgesMs }) => pictureAgesMs));
  }

  #showAll(): void {
    for (const column of this.#columns) this.#show(column);
  }

  #show({ run, card }: Column): void {
    card.show(run.meter.figures(), run.state);
  }

  async #measureCpu(): Promise<void> {
    const running = this.#columns.filter(({ run }) => run.isRunning);
    this.#stopAll();
    this.#controls.lock(true);
    try {
      const shares = await measureCpu(this.#options, this.#clock, (what) =>
        this.#controls.say(t('Measuring {what}', { what })),
      );
      for (const { way, card } of this.#columns) card.showCpu(shares.get(way) ?? null);
      this.#controls.say('');
    } catch (error) {
      this.#controls.say(
        error instanceof SeveralProcesses
          ? t('Several processes answer at this address, so none tells the whole.')
          : t('The server did not tell what it spends.'),
      );
    } finally {
      this.#controls.lock(false);
      for (const column of running) this.#start(column);
    }
  }
}

function shortText(value: number): string {
  return numberText(value, Number.isInteger(value) ? 0 : 1);
}
