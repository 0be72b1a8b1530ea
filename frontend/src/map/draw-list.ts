/** Sprites to be drawn, in the order they were found, in typed arrays that are used again. */
import type { LabelSpot } from './label-painter.ts';
import { grown } from './typed.ts';

export class DrawList {
  slot = new Int32Array(256);
  /** Centre, in pixels of the picture. */
  x = new Int32Array(256);
  y = new Int32Array(256);
  sprite = new Int16Array(256);
  count = 0;

  push(slot: number, x: number, y: number, sprite: number): void {
    if (this.count === this.x.length) this.grow();
    this.slot[this.count] = slot;
    this.x[this.count] = x;
    this.y[this.count] = y;
    this.sprite[this.count] = sprite;
    this.count++;
  }

  spots(): LabelSpot[] {
    return Array.from({ length: this.count }, (_, i) => ({
      slot: this.slot[i] as number,
      x: this.x[i] as number,
      y: this.y[i] as number,
    }));
  }

  private grow(): void {
    this.slot = grown(this.slot, this.count * 2);
    this.x = grown(this.x, this.count * 2);
    this.y = grown(this.y, this.count * 2);
    this.sprite = grown(this.sprite, this.count * 2);
  }
}
