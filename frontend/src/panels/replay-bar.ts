/** The foot of the live page while it shows the past: a scrubber over a profile of who moved when, and the player's buttons. */
import { minuteText } from '../format.ts';
import { SPEEDS, type Span } from '../history/player.ts';
import { BIN_MS, BINS } from '../replay/activity.ts';
import type { ReplayState } from '../replay/replay-state.ts';
import { t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { Icon, icon } from './icons.ts';
import { keyButton } from './key-button.ts';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 1_000;
const HEIGHT = 24;
/** A single vehicle still shows. */
const LOWEST = 2;
/** What one touch of a key moves the scrubber by. */
const STEP_MS = 10_000;

export interface ReplayBarOptions {
  readonly container: HTMLElement;
  onToggle(): void;
  onStep(step: 1 | -1): void;
  onSpeed(speed: number): void;
  onSkip(): void;
  /** `isHeld`: the hand is still on it. */
  onSeek(timeMs: number, how: { readonly isHeld: boolean }): void;
  /** Null: the last 24 hours. */
  onDay(day: string | null): void;
  onHourAgo(): void;
  onLive(): void;
}

export class ReplayBar {
  readonly #options: ReplayBarOptions;
  readonly #icon = new Icon();
  readonly #play: HTMLButtonElement;
  readonly #skip: HTMLButtonElement;
  readonly #last: HTMLButtonElement;
  readonly #speed = h('select', {
    'aria-label': t('How many times as fast as it was'),
    title: `${t('Speed')} (+ -)`,
  });
  readonly #day = h('input', { type: 'date', 'aria-label': t('Day'), title: t('A whole day') });
  readonly #slider = h('input', { type: 'range', 'aria-label': t('Moment'), step: String(STEP_MS) });
  readonly #profile = document.createElementNS(SVG, 'svg');
  readonly #bars = document.createElementNS(SVG, 'path');
  readonly #unknown = document.createElementNS(SVG, 'path');
  readonly #hours = h('div', { class: 'replay-hours', 'aria-hidden': 'true' });
  readonly #time = new Text();
  readonly #said = new Text();
  #window: Span = [0, 1];

  constructor(options: ReplayBarOptions) {
    this.#options = options;
    this.#play = keyButton(t('Play'), t('Space'), () => options.onToggle(), this.#icon.element);
    this.#play.classList.add('is-main');
    const back = keyButton(t('Step back'), '←', () => options.onStep(-1), icon('earlier'));
    const on = keyButton(t('Step on'), '→', () => options.onStep(1), icon('later'));
    this.#speed.append(...SPEEDS.map((speed) => h('option', { value: String(speed) }, `${speed}×`)));
    this.#skip = keyButton(t('Skip when nothing moves'), 'k', () => options.onSkip(), t('Skip quiet times'));
    this.#last = keyButton(t('The last 24 hours'), '', () => options.onDay(null), t('Last 24 h'));
    const hourAgo = keyButton(t('An hour ago'), '', () => options.onHourAgo(), t('1 h ago'));
    const live = keyButton(t('Back to live'), 'b', () => options.onLive(), t('Back to live'));
    live.classList.add('replay-live');
    const said = h(
      'p',
      { class: 'replay-said' },
      h('time', {}, this.#time.node),
      h('span', { class: 'soft' }, this.#said.node),
    );
    const player = h('div', { class: 'replay-player' }, back, this.#play, on, this.#speed, said);
    player.append(this.#skip, hourAgo, this.#last, this.#day, live);
    options.container.append(player, this.#scrubber());
    this.#listen();
  }

  show({ mode, atMs, window, day, speed, isSkipping }: ReplayState, text: string): void {
    const { container } = this.#options;
    if (container.hidden !== (mode === 'live')) container.hidden = mode === 'live';
    if (mode === 'live') return;
    if (window[0] !== this.#window[0] || window[1] !== this.#window[1]) this.#span(window);
    const isPlaying = mode === 'playing';
    this.#icon.show(isPlaying ? 'pause' : 'play');
    this.#play.setAttribute('aria-label', isPlaying ? t('Pause') : t('Play'));
    this.#speed.value = String(speed);
    this.#skip.setAttribute('aria-pressed', String(isSkipping));
    this.#last.setAttribute('aria-pressed', String(day === null));
    if (this.#day !== document.activeElement) this.#day.value = day ?? '';
    this.#slider.value = String(atMs);
    this.#slider.setAttribute('aria-valuetext', text);
    this.#time.show(text);
  }

  /** `isBusy`: what is shown is not yet what it will be. */
  say(text: string, { isBusy }: { readonly isBusy: boolean }): void {
    this.#said.show(text);
    this.#options.container.setAttribute('aria-busy', String(isBusy));
  }

  /** Where hours are written below it. */
  mark(hours: readonly number[]): void {
    const [fromMs, toMs] = this.#window;
    this.#hours.replaceChildren(
      ...hours.map((timeMs) => {
        const label = h('span', {}, minuteText(timeMs));
        label.style.left = `${((timeMs - fromMs) / (toMs - fromMs)) * 100}%`;
        return label;
      }),
    );
  }

  /** How many moved in each two minutes of the hours that are known. */
  draw(hours: ReadonlyMap<number, Uint16Array>): void {
    const most = Math.max(1, ...[...hours.values()].map((counts) => Math.max(...counts)));
    const bars: string[] = [];
    const known: string[] = [];
    for (const [hourMs, counts] of hours) {
      known.push(box(this.#x(hourMs), this.#x(hourMs + BINS * BIN_MS), HEIGHT));
      counts.forEach((count, bin) => {
        const fromMs = hourMs + bin * BIN_MS;
        const height = count === 0 ? 0 : LOWEST + (count / most) * (HEIGHT - LOWEST);
        if (count > 0) bars.push(box(this.#x(fromMs), this.#x(fromMs + BIN_MS), height));
      });
    }
    this.#unknown.setAttribute('d', known.join(''));
    this.#bars.setAttribute('d', bars.join(''));
  }

  #span(window: Span): void {
    this.#window = window;
    this.#slider.min = String(window[0]);
    this.#slider.max = String(window[1]);
  }

  #x(timeMs: number): number {
    const [fromMs, toMs] = this.#window;
    return Math.min(Math.max((timeMs - fromMs) / (toMs - fromMs), 0), 1) * WIDTH;
  }

  #scrubber(): HTMLElement {
    this.#profile.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    this.#profile.setAttribute('preserveAspectRatio', 'none');
    this.#profile.setAttribute('aria-hidden', 'true');
    this.#unknown.setAttribute('class', 'replay-known');
    this.#bars.setAttribute('class', 'replay-bars');
    this.#profile.append(this.#unknown, this.#bars);
    return h('div', { class: 'replay-scrub' }, this.#profile as unknown as Node, this.#slider, this.#hours);
  }

  #listen(): void {
    const { onSpeed, onSeek, onDay } = this.#options;
    this.#speed.addEventListener('change', () => {
      onSpeed(Number(this.#speed.value));
      this.#speed.blur();
    });
    this.#slider.addEventListener('input', () => onSeek(Number(this.#slider.value), { isHeld: true }));
    this.#slider.addEventListener('change', () => onSeek(Number(this.#slider.value), { isHeld: false }));
    this.#day.addEventListener('change', () => this.#day.value !== '' && onDay(this.#day.value));
  }
}

function box(from: number, to: number, height: number): string {
  return `M${from.toFixed(2)} ${HEIGHT}V${(HEIGHT - height).toFixed(2)}H${to.toFixed(2)}V${HEIGHT}Z`;
}
