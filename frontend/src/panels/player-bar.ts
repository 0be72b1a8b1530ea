/** Plays the past: begin and pause, how fast, what is skipped; and says what the cursor shows. */
import { SPEEDS } from '../history/player.ts';
import { t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { Icon, icon } from './icons.ts';
import { keyButton } from './key-button.ts';

export interface PlayerState {
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly isSkipping: boolean;
  readonly isFollowing: boolean;
}

export interface PlayerBarOptions {
  readonly container: HTMLElement;
  onToggle(): void;
  onStep(step: 1 | -1): void;
  onSpeed(speed: number): void;
  onSkip(): void;
  onFollow(): void;
}

export class PlayerBar {
  readonly #play: HTMLButtonElement;
  readonly #icon = new Icon();
  readonly #speed = h('select', {
    'aria-label': t('How many times as fast as it was'),
    title: `${t('Speed')} (+ -)`,
  });
  readonly #skip: HTMLButtonElement;
  readonly #follow: HTMLButtonElement;
  readonly #time = new Text();
  readonly #doing = new Text();

  constructor(options: PlayerBarOptions) {
    this.#play = keyButton(t('Play'), t('Space'), () => options.onToggle(), this.#icon.element);
    this.#play.classList.add('is-main');
    const back = keyButton(t('Fix before'), '←', () => options.onStep(-1), icon('earlier'));
    const on = keyButton(t('Fix after'), '→', () => options.onStep(1), icon('later'));
    this.#speed.append(...SPEEDS.map((speed) => h('option', { value: String(speed) }, `${speed}×`)));
    this.#speed.addEventListener('change', () => options.onSpeed(Number(this.#speed.value)));
    this.#skip = keyButton(t('Skip gaps and stops'), 'g', () => options.onSkip(), t('Skip gaps and stops'));
    this.#follow = keyButton(
      t('Follow'),
      'f',
      () => options.onFollow(),
      icon('follow'),
      h('span', {}, t('Follow')),
    );
    const said = h(
      'p',
      { class: 'player-said' },
      h('time', {}, this.#time.node),
      h('span', { class: 'soft' }, this.#doing.node),
    );
    options.container.append(back, this.#play, on, this.#speed, said, this.#skip, this.#follow);
  }

  show({ isPlaying, speed, isSkipping, isFollowing }: PlayerState): void {
    this.#icon.show(isPlaying ? 'pause' : 'play');
    this.#play.setAttribute('aria-label', isPlaying ? t('Pause') : t('Play'));
    this.#speed.value = String(speed);
    this.#skip.setAttribute('aria-pressed', String(isSkipping));
    this.#follow.setAttribute('aria-pressed', String(isFollowing));
  }

  say(time: string, doing: string): void {
    this.#time.show(time);
    this.#doing.show(doing);
  }
}
