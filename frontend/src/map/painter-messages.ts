/** What the page and the painter's worker say to each other. */
import type { Crowd } from './crowd.ts';
import type { Sign } from './label-painter.ts';
import type { Marks } from './painter.ts';
import type { PictureView } from './picture-view.ts';
import type { Labels, Theme } from './types.ts';

export type ToPainter =
  | { kind: 'view'; view: PictureView }
  | { kind: 'rows'; rows: Float64Array }
  | { kind: 'clear' }
  | { kind: 'mark'; marks: Marks }
  | { kind: 'theme'; theme: Theme }
  /** Null takes a trail away. */
  | { kind: 'trail'; slot: number; rows: Float64Array | null }
  | { kind: 'labels'; labels: Labels }
  | { kind: 'signs'; signs: readonly Sign[] }
  /** Those that were asked for. */
  | { kind: 'names'; names: readonly (readonly [slot: number, name: string])[] }
  /** Of these slots, or all. */
  | { kind: 'forgetNames'; slots: readonly number[] | null }
  | { kind: 'awake'; awake: boolean };

export type FromPainter =
  | { kind: 'picture'; bitmap: ImageBitmap; view: PictureView; crowd: Crowd | null }
  /** Names that are to be written and are not known. */
  | { kind: 'unnamed'; slots: readonly number[] }
  /** This worker cannot draw; the page has to. */
  | { kind: 'unable' };
