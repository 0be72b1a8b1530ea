/** The moment that the history page shows: where it was put, stepped or played to, or what is pointed at; and how it is played. */
import type { HistoryAddress } from '../history/address.ts';
import { Cursor } from '../history/cursor.ts';
import { nextSpeed, type Span } from '../history/player.ts';
import { neighbourMs, type Track } from '../history/track.ts';
import { PlayerBar } from '../panels/player-bar.ts';
import type { Shortcut } from '../panels/shortcuts.ts';
import { t } from '../texts.ts';
import { HistoryPlayer } from './history-player.ts';

export type Pace = Pick<HistoryAddress, 'speed' | 'isSkipping' | 'isFollowing'>;

/** What there is to move in. */
export interface Reach {
  /** Null: nothing yet. */
  readonly track: Track | null;
  /** The days that are asked for. */
  readonly span: Span;
  /** From the first fix of all to the last; null without any. */
  readonly known: Span | null;
  /** When nobody drives or sends anything. */
  readonly idle: readonly Span[];
}

export interface HistoryTimeOptions {
  readonly container: HTMLElement;
  readonly pace: Pace;
  reach(): Reach;
  /** Another moment is shown, or another pace. */
  onChange(): void;
  onMove(timeMs: number | null, how: { readonly isFollowing: boolean }): void;
  /** To the trip or stop after this moment, or to the one before. */
  onJump(timeMs: number, step: 1 | -1): void;
}

export class HistoryTime {
  readonly bar: PlayerBar;
  readonly #options: HistoryTimeOptions;
  readonly #player: HistoryPlayer;
  readonly #cursor = new Cursor((timeMs) => this.#move(timeMs));
  #pace: Pace;

  constructor(options: HistoryTimeOptions) {
    this.#options = options;
    const { speed, isSkipping, isFollowing } = options.pace;
    this.#pace = { speed, isSkipping, isFollowing };
    this.bar = new PlayerBar({
      container: options.container,
      onToggle: () => this.#toggle(),
      onStep: (step) => this.#step(step),
      onSpeed: (chosen) => this.#set({ speed: chosen }),
      onSkip: () => this.#set({ isSkipping: !this.#pace.isSkipping }),
      onFollow: () => this.#set({ isFollowing: !this.#pace.isFollowing }),
    });
    this.#player = new HistoryPlayer({
      now: () => this.putMs ?? options.reach().span[0],
      speed: () => this.#pace.speed,
      skipped: () => (this.#pace.isSkipping ? options.reach().idle : []),
      endMs: () => this.#end,
      onMove: (timeMs) => this.#cursor.put(timeMs),
      onEnd: () => this.#showBar(),
    });
    this.#showBar();
  }

  get pace(): Pace {
    return this.#pace;
  }

  /** Where it stays when the pointer has left. */
  get putMs(): number | null {
    return this.#cursor.putMs;
  }

  /** Whether there is anything then or not. */
  begin(timeMs: number | null): void {
    this.#cursor.put(timeMs);
  }

  put(timeMs: number): void {
    if (this.#options.reach().track !== null) this.#cursor.put(Math.round(timeMs));
  }

  /** While it plays the pointer is left alone. */
  hover(timeMs: number | null): void {
    if (this.#options.reach().track !== null && !this.#player.isPlaying) this.#cursor.hover(timeMs);
  }

  pause(): void {
    this.#player.pause();
    this.#showBar();
  }

  unfollow(): void {
    this.#set({ isFollowing: false });
  }

  /** More is known of the same moment. */
  refresh(): void {
    this.#move(this.#cursor.shownMs);
  }

  get shortcuts(): readonly Shortcut[] {
    const set = (change: () => Partial<Pace>) => () => this.#set(change());
    return [
      { key: ' ', what: t('play or pause'), run: () => this.#toggle() },
      { key: 'ArrowRight', what: t('to the fix after'), run: () => this.#step(1) },
      { key: 'ArrowLeft', what: t('to the fix before'), run: () => this.#step(-1) },
      { key: 'ArrowDown', what: t('to the next trip or stop'), run: () => this.#jump(1) },
      { key: 'ArrowUp', what: t('to the trip or stop before'), run: () => this.#jump(-1) },
      { key: '+', what: t('play faster'), run: set(() => ({ speed: nextSpeed(this.#pace.speed, 1) })) },
      { key: '-', what: t('play slower'), run: set(() => ({ speed: nextSpeed(this.#pace.speed, -1) })) },
      { key: 'g', what: t('skip gaps and stops'), run: set(() => ({ isSkipping: !this.#pace.isSkipping })) },
      {
        key: 'f',
        what: t('follow while it plays'),
        run: set(() => ({ isFollowing: !this.#pace.isFollowing })),
      },
    ];
  }

  get #end(): number {
    const { known, span } = this.#options.reach();
    return (known ?? span)[1];
  }

  #move(timeMs: number | null): void {
    this.#options.onMove(timeMs, { isFollowing: this.#pace.isFollowing && this.#player.isPlaying });
    this.#options.onChange();
  }

  #step(step: 1 | -1): void {
    const { track } = this.#options.reach();
    if (track !== null && this.putMs !== null) this.#cursor.put(neighbourMs(track, this.putMs, step));
  }

  #jump(step: 1 | -1): void {
    if (this.putMs !== null) this.#options.onJump(this.putMs, step);
  }

  #toggle(): void {
    const { track, known, span } = this.#options.reach();
    if (track === null) return;
    if (this.#player.isPlaying) this.#player.pause();
    else {
      if ((this.putMs ?? 0) >= this.#end) this.#cursor.put((known ?? span)[0]);
      this.#player.play();
    }
    this.#showBar();
  }

  #set(change: Partial<Pace>): void {
    this.#pace = { ...this.#pace, ...change };
    this.#showBar();
    this.#options.onChange();
  }

  #showBar(): void {
    this.bar.show({ isPlaying: this.#player.isPlaying, ...this.#pace });
  }
}
