/** The page of a paired phone: recorder, courier, conversation and view in one. */
import { onComeback } from '../comeback.ts';
import { Courier } from '../drive/courier.ts';
import { failingSinceMs } from '../drive/delivery.ts';
import { type Duty, switched } from '../drive/duty.ts';
import type { Outbox } from '../drive/outbox.ts';
import type { Pairing } from '../drive/pairing.ts';
import { Recorder } from '../drive/recorder.ts';
import type { DriveState } from '../drive/words.ts';
import { LiveFeed } from '../live-feed.ts';
import { DriveView } from '../panels/drive-view.ts';
import { openDevice } from '../transports/live.ts';
import { DriveMail } from './drive-mail.ts';

export interface DrivePageOptions {
  readonly outbox: Outbox;
  readonly pairing: Pairing;
  readonly duty: Duty;
  readonly isStarted: boolean;
  /** The vehicle has another slug now. */
  onRename(vehicle: string): void;
  /** With another code; what waits is kept. */
  onPair(): void;
  onForget(): void;
  onTheme(): void;
}

const TICK_MS = 1000;
/** A live connection that was ended for good is tried again: this page stays open for days. */
const TRY_AGAIN_MS = 30_000;

export class DrivePage {
  readonly #options: DrivePageOptions;
  readonly #feed: LiveFeed;
  readonly #courier: Courier;
  readonly #recorder: Recorder;
  readonly #mail: DriveMail;
  readonly #view: DriveView;
  readonly #ticking: ReturnType<typeof setInterval>;
  readonly #ignoreComebacks: () => void;
  #isStarted: boolean;
  #oldestMs: number | null = null;
  #wasLive = false;
  #endedAtMs: number | null = null;
  #offlineAtMs: number | null = navigator.onLine ? null : Date.now();

  constructor(container: HTMLElement, options: DrivePageOptions) {
    this.#options = options;
    const { outbox, pairing } = options;
    this.#isStarted = options.isStarted;
    const site = { base: new URL('/live/v1/', location.href), token: () => pairing.token };
    this.#feed = new LiveFeed(openDevice(site), {
      changed: () => undefined,
      // Perhaps since the vehicle is called otherwise now.
      refused: () => this.#courier.askDuty(),
      happened: (event) => this.#mail.happened(event),
    });
    this.#courier = new Courier({
      ...{ outbox, token: pairing.token, duty: options.duty },
      transport: () => (this.#isLive ? this.#feed.report().transport : null),
      ask: (question) => this.#feed.ask(question),
      changed: () => this.#changed(),
      identified: (vehicle) => this.#follow(vehicle),
    });
    this.#recorder = new Recorder(outbox, {
      recorded: () => this.#recorded(),
      changed: () => this.#show(),
    });
    this.#mail = new DriveMail(pairing, outbox, this.#feed, () => this.#showMail());
    this.#view = new DriveView({
      ...{ name: pairing.name, plate: pairing.plate },
      onStart: () => void this.#start(),
      onStop: () => void this.#stop(),
      onDuty: () => void this.#switchDuty(),
      onMessages: () => this.#mail.panel.open(),
      onPair: () => options.onPair(),
      onForget: () => options.onForget(),
      onTheme: () => options.onTheme(),
      onRead: () => this.#read(),
      onReply: (text) => this.#reply(text),
    });
    container.replaceChildren(this.#view.element, this.#mail.panel.element);
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    this.#ignoreComebacks = onComeback(() => this.#comeBack());
  }

  async open(): Promise<void> {
    await this.#mail.restore();
    this.#feed.watch([`driver:${this.#options.pairing.vehicle}`]);
    this.#feed.start();
    if (this.#isRecording) await this.#recorder.resume();
    this.#changed();
  }

  close(): void {
    clearInterval(this.#ticking);
    this.#ignoreComebacks();
    this.#recorder.end();
    this.#feed.stop();
  }

  get #isRecording(): boolean {
    return this.#isStarted && this.#courier.duty.offSinceMs === null;
  }

  get #isLive(): boolean {
    const { level } = this.#feed.report();
    return level === 'ok' || level === 'late';
  }

  // What the driver does ---------------------------------------------------------------------------------------------

  async #start(): Promise<void> {
    this.#isStarted = true;
    await this.#options.outbox.keep('isStarted', true);
    await this.#recorder.begin();
    this.#show();
  }

  async #stop(): Promise<void> {
    this.#isStarted = false;
    this.#recorder.end();
    await this.#options.outbox.keep('isStarted', false);
    this.#show();
  }

  async #switchDuty(): Promise<void> {
    const duty = switched(this.#courier.duty, Date.now(), this.#recorder.lastFixMs);
    await this.#courier.setDuty(duty);
    this.#show();
  }

  #read(): void {
    this.#mail.see();
    this.#showMail();
  }

  #reply(text: string): void {
    this.#mail.write(text);
    this.#showMail();
  }

  #follow(vehicle: string): void {
    if (vehicle !== this.#options.pairing.vehicle) this.#options.onRename(vehicle);
  }

  /** Recording follows duty, whoever switched it. */
  async #followDuty(): Promise<void> {
    if (this.#isRecording === this.#recorder.isRecording) return;
    if (this.#isRecording) await this.#recorder.begin();
    else this.#recorder.end();
  }

  // What happens -----------------------------------------------------------------------------------------------------

  #recorded(): void {
    this.#courier.run();
    this.#changed();
  }

  /** What waits, or duty. */
  #changed(): void {
    void this.#followDuty();
    void this.#options.outbox.oldestMs().then((oldestMs) => {
      this.#oldestMs = oldestMs;
      this.#show();
    });
  }

  #comeBack(): void {
    this.#feed.nudge();
    this.#courier.nudge();
  }

  #tick(): void {
    this.#offlineAtMs = navigator.onLine ? null : (this.#offlineAtMs ?? Date.now());
    this.#recorder.tick();
    this.#followFeed();
    this.#courier.run();
    this.#showMail();
    this.#show();
  }

  #followFeed(): void {
    const isLive = this.#isLive;
    if (isLive && !this.#wasLive) {
      this.#mail.connected();
      this.#courier.askDuty();
      this.#courier.nudge();
    }
    this.#wasLive = isLive;
    if (this.#feed.report().level !== 'ended') this.#endedAtMs = null;
    else if (this.#endedAtMs === null) {
      this.#endedAtMs = Date.now();
      // Whether the phone may still post is told there.
      this.#courier.askDuty();
    } else if (!this.#courier.isUnpaired && Date.now() - this.#endedAtMs > TRY_AGAIN_MS) this.#feed.start();
  }

  #showMail(): void {
    this.#mail.tick(this.#view, { isLive: this.#isLive });
  }

  #show(): void {
    this.#view.show(this.#state(Date.now()), Date.now());
  }

  #state(nowMs: number): DriveState {
    const { delivery, duty, way, refused, isUnpaired, sentAtMs } = this.#courier;
    const { measured, locating, gap, thinned, keepingProblem, isAwake } = this.#recorder;
    const { lostAtMs } = this.#feed.report();
    return {
      ...{ way, refused, isUnpaired, locating, gap, thinned, keepingProblem, isAwake },
      isStarted: this.#isStarted,
      offSinceMs: duty.offSinceMs,
      isSwitchUntold: duty.untold.length > 0,
      waiting: this.#options.outbox.count,
      oldestMs: this.#oldestMs,
      last: measured === null ? null : { timeMs: measured.fix_time, accuracyM: measured.accuracy_m },
      failingSinceMs: failingSinceMs(delivery, { sentAtMs, lostAtMs, offlineAtMs: this.#offlineAtMs, nowMs }),
      reason: delivery.reason,
    };
  }
}
