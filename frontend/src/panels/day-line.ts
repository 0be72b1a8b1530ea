/** A day as a thin line: moving, at rest, and nothing where nothing is known; in words for who points at it or does not see it. */
import { type DayStrip, secondsOf, stretchesOf } from '../day-book.ts';
import { durationText } from '../format.ts';
import { t } from '../texts.ts';
import { h } from './dom.ts';

const COLOURS: Readonly<Record<string, string>> = {
  m: 'var(--moving)',
  s: 'var(--day-rest)',
  '-': 'transparent',
};

export class DayLine {
  readonly element = h('span', { class: 'row-day', 'aria-hidden': 'true' });
  #shown: DayStrip | null = null;

  /** Gives the words, or null when nothing has changed. */
  show(strip: DayStrip | null, nowMs: number): string | null {
    if (strip === this.#shown) return null;
    this.#shown = strip;
    const text = strip === null ? '' : dayLineText(strip, nowMs);
    this.element.style.backgroundImage = strip === null ? '' : gradientOf(strip);
    this.element.title = text;
    return text;
  }
}

export function dayLineText(strip: DayStrip, nowMs: number): string {
  const seconds = secondsOf(strip, nowMs);
  const said = (letter: string): string => durationText(seconds.get(letter) ?? 0);
  return t('Day so far: moving {moving}, at rest {rest}, no data {none}', {
    moving: said('m'),
    rest: said('s'),
    none: said('-'),
  });
}

function gradientOf(strip: DayStrip): string {
  const stops = stretchesOf(strip).map(
    ({ letter, from, to }) => `${COLOURS[letter] ?? 'transparent'} ${percent(from)} ${percent(to)}`,
  );
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}
