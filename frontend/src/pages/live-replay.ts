/** The time machine of the live page: opens the past, moves in it, and goes back to live, which went on behind it. */

import { type HistoryVehicle, loadVehicles } from '../history/load.ts';
import type { Span } from '../history/player.ts';
import { cursorText } from '../history/texts.ts';
import { addDays, dayOf, daysOf, instantOf } from '../history/zone.ts';
import type { LiveFeed } from '../live-feed.ts';
import { mountPoint } from '../panels/dom.ts';
import { PastChip } from '../panels/past-chip.ts';
import { ReplayBar } from '../panels/replay-bar.ts';
import type { Shortcut } from '../panels/shortcuts.ts';
import type { VehicleInfo } from '../protocol.ts';
import { activityOf, quietSpans } from '../replay/activity.ts';
import type { ReplayAddress } from '../replay/address.ts';
import { Alarms, isPastAlert } from '../replay/alarms.ts';
import { Archive, type Grade } from '../replay/archive.ts';
import type { Chunk } from '../replay/chunk.ts';
import { Loader } from '../replay/loader.ts';
import { PastFleet } from '../replay/past-fleet.ts';
import { type Act, acted, LIVE, type ReplayState } from '../replay/replay-state.ts';
import { loadPages } from '../rest.ts';
import { t } from '../texts.ts';
import type { ShownFleet } from './shown-fleet.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Where it opens: playing shows something at once. */
const OPENS_BEFORE_MS = 600_000;
/** A hand that has not moved the scrubber for so long rests. */
const REST_MS = 120;
const STEP_MS = 10_000;
const LABELLED_HOURS = [0, 3, 6, 9, 12, 15, 18, 21] as const;
const EDGE = 0.03;
const ALERTS_PAGE = 1_000;
/** A window that opens more alerts than these shows the first. */
const MOST_ALERT_PAGES = 10;
const MOVING = 1;

export interface LiveReplayOptions {
  readonly feed: LiveFeed;
  readonly shown: ShownFleet;
  readonly fleetUrl: string;
  readonly vehiclesUrl: string;
  readonly alertsUrl: string;
  readonly zone: string;
  readonly asked: ReplayAddress | null;
  /** Of the selected vehicle. */
  selected(): string | null;
  /** Whether a vehicle at a place is of what the reader watches. */
  isWatched(slug: string, place: { lat: number; lon: number }): boolean;
  /** Another fleet is to be shown: `turn` does it. */
  onTurn(turn: () => void): void;
  /** Another moment is. */
  onMove(): void;
  onChange(): void;
}

export class LiveReplay {
  readonly #options: LiveReplayOptions;
  readonly #archive = new Archive();
  readonly #loader: Loader;
  readonly #bar: ReplayBar;
  readonly #chip = new PastChip(mountPoint('past-chip'));
  readonly #names = new Map<string, HistoryVehicle>();
  #areNamesAsked = false;
  #activity = new Map<number, Uint16Array>();
  #quiet: readonly Span[] = [];
  #alarms = new Alarms([]);
  #state: ReplayState = LIVE;
  #isHeld = false;
  #isDue = false;
  #lastMs = 0;
  #trouble: string | null = null;
  /** What waits for the moment that was gone to. */
  #arrive: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LiveReplayOptions) {
    this.#options = options;
    this.#bar = new ReplayBar({
      container: mountPoint('replay'),
      onToggle: () => this.#act({ kind: 'toggle' }),
      onStep: (step) => this.#step(step),
      onSpeed: (speed) => this.#act({ kind: 'speed', speed }),
      onSkip: () => this.#act({ kind: 'skip' }),
      onSeek: (atMs, { isHeld }) => this.#seek(atMs, isHeld),
      onHourAgo: () => this.#open(null, options.feed.serverNowMs - HOUR_MS),
      onDay: (day) => this.#open(day, this.#state.atMs),
      onLive: () => this.toggle(),
    });
    this.#loader = new Loader({
      archive: this.#archive,
      fleetUrl: options.fleetUrl,
      vehicles: () => Math.max(this.#names.size, options.feed.store.size),
      onChunks: (chunks, grade) => this.#came(chunks, grade),
      onTrouble: (text) => {
        this.#trouble = text;
        this.#showText();
      },
    });
  }

  get shortcuts(): readonly Shortcut[] {
    const isOff = () => !this.isOpen;
    return [
      { key: 'b', what: t('back in time, and back to live'), run: () => this.toggle() },
      { key: ' ', what: t('play or pause the past'), run: () => this.#act({ kind: 'toggle' }), isOff },
      { key: 'ArrowRight', what: t('a step on in the past'), run: () => this.#step(1), isOff },
      { key: 'ArrowLeft', what: t('a step back in the past'), run: () => this.#step(-1), isOff },
      { key: '+', what: t('play faster'), run: () => this.#act({ kind: 'faster' }), isOff },
      { key: '-', what: t('play slower'), run: () => this.#act({ kind: 'slower' }), isOff },
      { key: 'k', what: t('skip when nothing moves'), run: () => this.#act({ kind: 'skip' }), isOff },
    ];
  }

  get isOpen(): boolean {
    return this.#state.mode !== 'live';
  }

  /** Null while it is live. */
  get address(): ReplayAddress | null {
    const { mode, atMs, day, speed, isSkipping } = this.#state;
    return mode === 'live' ? null : { atMs, day, speed, isSkipping };
  }

  /** What the address asks for; `arrive` is called once everybody is shown where they were. */
  start(arrive: () => void): void {
    const { asked, zone, feed } = this.#options;
    if (asked === null) return;
    this.#arrive = arrive;
    this.#state = { ...this.#state, speed: asked.speed, isSkipping: asked.isSkipping };
    const isLast = asked.atMs >= feed.serverNowMs - DAY_MS;
    this.#open(asked.day ?? (isLast ? null : dayOf(asked.atMs, zone)), asked.atMs);
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.#open(null, this.#options.feed.serverNowMs - OPENS_BEFORE_MS);
  }

  /** In the past, to a moment of its span; `arrive` is called once everybody is shown where they were, and at once where there is none to go to. */
  goTo(atMs: number, arrive: () => void): void {
    const [fromMs, toMs] = this.#state.window;
    if (!this.isOpen || atMs < fromMs || toMs < atMs) {
      arrive();
      return;
    }
    this.#arrive = arrive;
    this.#act({ kind: 'seek', atMs });
    this.#showSoon();
  }

  /** Other regions are watched, or other vehicles selected. */
  refresh(): void {
    if (this.#options.shown.past !== null) this.#showSoon();
  }

  /** To the last 24 hours or a day; a moment outside of it becomes its nearest. */
  #open(day: string | null, atMs: number): void {
    const { zone, feed } = this.#options;
    const nowMs = Math.floor(feed.serverNowMs / 1_000) * 1_000;
    const window = day === null ? ([nowMs - DAY_MS, nowMs] as const) : spanOf(day, zone, nowMs);
    if (window[0] >= window[1]) return;
    this.#archive.clear();
    this.#activity = new Map();
    this.#act({ kind: 'open', window, day, atMs });
    this.#bar.draw(this.#activity);
    this.#bar.mark(hoursOf(window, zone));
    void this.#loadAlarms(window);
  }

  /** Back to live, if it is not. */
  close(): void {
    if (!this.isOpen) return;
    const { shown, onTurn } = this.#options;
    this.#act({ kind: 'close' });
    this.#arrive = null;
    this.#archive.clear();
    if (shown.past !== null) onTurn(() => shown.turn(null));
    document.body.classList.remove('is-past', 'is-past-awaited', 'is-past-rough');
    this.#chip.show(null);
  }

  #act(act: Act): void {
    const before = this.#state;
    this.#state = acted(before, act);
    this.#showBar();
    this.#look();
    if (this.#state.atMs !== before.atMs || act.kind === 'open') this.#showSoon();
    if (this.#state.mode === 'playing' && before.mode !== 'playing') this.#play();
    this.#options.onChange();
  }

  #seek(atMs: number, isHeld: boolean): void {
    this.#isHeld = isHeld;
    clearTimeout(this.#timer);
    if (isHeld) {
      this.#timer = setTimeout(() => {
        this.#isHeld = false;
        this.#look();
      }, REST_MS);
    }
    this.#act({ kind: 'seek', atMs });
  }

  /** From fix to fix of the selected vehicle, else by the time between fixes. */
  #step(step: 1 | -1): void {
    const { atMs } = this.#state;
    const slug = this.#options.selected();
    const fixMs = slug === null ? null : this.#archive.neighbourMs(slug, atMs, step);
    this.#act({ kind: 'seek', atMs: fixMs ?? atMs + step * STEP_MS });
  }

  // Playing ----------------------------------------------------------------------------------------------------------

  #play(): void {
    this.#lastMs = performance.now();
    const step = (nowMs: number) => {
      if (this.#state.mode !== 'playing') return;
      this.#pass(nowMs);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  /** It waits for hours that have not come. */
  #pass(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    if (this.#isRough()) return;
    this.#act({ kind: 'pass', elapsedMs, skipped: this.#quiet });
  }

  // Data -------------------------------------------------------------------------------------------------------------

  #look(): void {
    const { mode, atMs, window } = this.#state;
    if (mode === 'live') this.#loader.look(null);
    else
      this.#loader.look({ cursorMs: atMs, window, isPlaying: mode === 'playing', isResting: !this.#isHeld });
  }

  #came(chunks: readonly Chunk[], grade: Grade): void {
    if (!this.isOpen) return;
    for (const chunk of chunks) this.#archive.add(chunk, grade, this.#state.atMs);
    if (grade === 'coarse') {
      for (const chunk of chunks) this.#activity.set(chunk.hourMs, activityOf(chunk));
      this.#quiet = quietSpans(this.#activity, this.#state.window);
      this.#bar.draw(this.#activity);
      void this.#nameVehicles();
    }
    this.#showSoon();
  }

  /** Without them the past is shown all the same. */
  async #loadAlarms(window: Span): Promise<void> {
    this.#alarms = new Alarms([]);
    const [from, to] = window.map((timeMs) => new Date(timeMs).toISOString()) as [string, string];
    const asked = { from, to, limit: ALERTS_PAGE };
    const found = await loadPages(this.#options.alertsUrl, asked, isPastAlert, MOST_ALERT_PAGES).catch(
      () => null,
    );
    if (found === null || window !== this.#state.window) return;
    this.#alarms = new Alarms(found.items);
    this.refresh();
  }

  /** Also of vehicles that are not watched now: after the outline, which is waited for. */
  async #nameVehicles(): Promise<void> {
    if (this.#areNamesAsked) return;
    this.#areNamesAsked = true;
    const vehicles = await loadVehicles(this.#options.vehiclesUrl).catch(() => []);
    this.#areNamesAsked = vehicles.length > 0;
    for (const vehicle of vehicles) this.#names.set(vehicle.slug, vehicle);
    this.refresh();
  }

  #infoOf(slug: string): VehicleInfo | undefined {
    const named = this.#names.get(slug);
    const live = this.#options.feed.store.find(slug)?.info;
    return live ?? (named && { ...named, kind: '', colour: '' });
  }

  // Showing ----------------------------------------------------------------------------------------------------------

  /** At most once a frame. */
  #showSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      if (this.isOpen) this.#show();
    });
  }

  #show(): void {
    const { shown, feed, onMove } = this.#options;
    const { atMs } = this.#state;
    const grade = this.#archive.gradeAt(atMs);
    const isKnown = grade !== null;
    document.body.classList.toggle('is-past-awaited', !isKnown);
    document.body.classList.toggle('is-past-rough', this.#isRough());
    if (isKnown) {
      if (shown.past === null) this.#turn();
      shown.past?.store.setLimits(feed.limits);
      shown.past?.show(atMs);
      shown.moved();
      if (grade === 'fine') this.#arrived();
      onMove();
    }
    this.#showText();
  }

  /** There is at most an outline, in which nobody is quite where they were. */
  #isRough(): boolean {
    const grade = this.#archive.gradeAt(this.#state.atMs);
    return grade === null || grade === 'outline';
  }

  #arrived(): void {
    this.#arrive?.();
    this.#arrive = null;
  }

  #turn(): void {
    const { shown, feed, isWatched, onTurn } = this.#options;
    const past = new PastFleet(
      {
        archive: this.#archive,
        infoOf: (slug) => this.#infoOf(slug),
        isShown: isWatched,
        isAlarmed: (slug, timeMs) => this.#alarms.has(slug, timeMs),
      },
      feed.limits,
    );
    past.show(this.#state.atMs);
    document.body.classList.add('is-past');
    onTurn(() => shown.turn(past));
  }

  #showBar(): void {
    const text = cursorText(this.#state.atMs);
    this.#bar.show(this.#state, text);
    if (this.isOpen && this.#options.shown.past !== null) this.#chip.show(text);
  }

  #showText(): void {
    if (!this.isOpen) return;
    const { past } = this.#options.shown;
    this.#showBar();
    const isBusy = this.#archive.gradeAt(this.#state.atMs) !== 'fine';
    if (this.#trouble !== null) this.#bar.say(this.#trouble, { isBusy });
    else if (past === null || this.#isRough()) this.#bar.say(t('Loading …'), { isBusy });
    else {
      const { counts, size } = past.store;
      this.#bar.say(
        size === 0
          ? t('Nothing is known of then')
          : t('{moving} of {all} moving', { moving: counts[MOVING] ?? 0, all: size }),
        {
          isBusy,
        },
      );
    }
  }
}

/** To its last second, or as far as it has come. */
function spanOf(day: string, zone: string, nowMs: number): Span {
  return [instantOf(day, 0, zone), Math.min(instantOf(addDays(day, 1), 0, zone) - 1_000, nowMs)];
}

/** None at the edges, where it would be cut off. */
function hoursOf([fromMs, toMs]: Span, zone: string): readonly number[] {
  const edgeMs = (toMs - fromMs) * EDGE;
  return daysOf(dayOf(fromMs, zone), dayOf(toMs, zone))
    .flatMap((day) => LABELLED_HOURS.map((hour) => instantOf(day, hour, zone)))
    .filter((timeMs) => fromMs + edgeMs < timeMs && timeMs < toMs - edgeMs);
}
