/** How many vehicles are doing what; pressed chips are the only ones shown. */
import type { DrawStatus } from '../map/types.ts';
import { ATTENTION, statusName, UNKNOWN } from '../status.ts';
import { statusHeading } from '../status-text.ts';
import { Chips } from './chips.ts';
import { StatusIcon } from './icons.ts';

export class StatusChips {
  readonly #chips: Chips;

  constructor(container: HTMLElement, onToggle: (status: DrawStatus) => void) {
    const chips = ATTENTION.filter((status) => status !== UNKNOWN).map((status) => {
      const icon = new StatusIcon();
      icon.show(status, 0);
      return { key: String(status), label: statusHeading(statusName(status)), mark: icon.element };
    });
    this.#chips = new Chips(container, chips, (key) => onToggle(Number(key) as DrawStatus));
  }

  press(statuses: ReadonlySet<DrawStatus>): void {
    this.#chips.press(new Set([...statuses].map(String)));
  }

  /** Indexed by status. */
  count(counts: readonly number[]): void {
    counts.forEach((count, status) => {
      this.#chips.count(String(status), count);
    });
  }
}
