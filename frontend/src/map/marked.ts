/** Which vehicles are marked, by id: one may be selected before it is known, and its slot may pass to another after it has gone. */
import type { FleetState } from './fleet-state.ts';
import type { Marks } from './painter.ts';

export class Marked {
  private selected: readonly number[] = [];
  private lifted: number | null = null;
  private told = '';

  constructor(
    private readonly state: FleetState,
    private readonly tell: (marks: Marks) => void,
  ) {}

  select(ids: readonly number[]): void {
    this.selected = ids;
    this.refresh();
  }

  lift(id: number | null): void {
    this.lifted = id;
    this.refresh();
  }

  get marks(): Marks {
    const selected = this.selected.map((id) => this.state.slotOf(id)).filter((slot) => slot !== null);
    return { selected, lifted: this.state.slotOf(this.lifted) };
  }

  /** After vehicles came or went. */
  refresh(): void {
    const { marks } = this;
    const now = `${marks.selected} ${marks.lifted}`;
    if (now === this.told) return;
    this.told = now;
    this.tell(marks);
  }
}
