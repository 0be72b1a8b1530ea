/** The list: as many rows as fit on the screen, whatever the size of the fleet. The map's accessible twin. */
import { between, toggled } from '../choice.ts';
import type { DayStrip } from '../day-book.ts';
import { makeSearch, meantBy, type Search } from '../fleet-search.ts';
import type { Vehicle } from '../fleet-store.ts';
import { t } from '../texts.ts';
import { h } from './dom.ts';
import {
  clamp,
  indexInSlot,
  scrollTopToKeep,
  scrollTopToShow,
  type Viewport,
  visibleRows,
} from './list-window.ts';
import { VehicleRow } from './vehicle-row.ts';

const ROW_HEIGHT_PX = 44;
const SPARE_ROWS = 3;

export interface VehicleListOptions {
  readonly container: HTMLElement;
  /** Messages of its driver that nobody has read. */
  unread(slug: string): number;
  /** Null: not known yet. */
  day(slug: string): DayStrip | null;
  onPick(id: number): void;
  /** Several together, or none. */
  onChoose(ids: readonly number[]): void;
  /** The row that is pointed at; null: none. */
  onHover(id: number | null): void;
}

export class VehicleList {
  readonly #options: VehicleListOptions;
  readonly #rows: VehicleRow[] = [];
  readonly #scroller = h('div', {
    class: 'list-scroller',
    role: 'listbox',
    tabindex: '0',
    'aria-label': t('Vehicles'),
    'aria-multiselectable': 'true',
  });
  readonly #canvas = h('div', { class: 'list-canvas', role: 'presentation' });
  readonly #empty = h('p', { class: 'list-empty' });
  #viewport: Viewport = { scrollTop: 0, height: 0 };
  #vehicles: readonly Vehicle[] = [];
  #search: Search = makeSearch('', []);
  #selected: readonly number[] = [];
  /** Where a range begins. */
  #anchor = 0;
  #active = 0;
  /** By the pointer here. */
  #pointed: number | null = null;
  /** Pointed at elsewhere. */
  #hovered: number | null = null;
  #nowMs = 0;

  constructor(options: VehicleListOptions) {
    this.#options = options;
    this.#scroller.append(this.#canvas);
    options.container.append(this.#scroller, this.#empty);
    this.#scroller.addEventListener('scroll', () => this.#measure(), { passive: true });
    this.#scroller.addEventListener('keydown', (event) => this.#press(event));
    this.#scroller.addEventListener('focus', () => this.refresh(this.#nowMs));
    this.#canvas.addEventListener('click', (event) => this.#click(event));
    this.#canvas.addEventListener('pointermove', (event) =>
      this.#point(this.#rowOf(event)?.vehicleId ?? null),
    );
    this.#scroller.addEventListener('blur', () => this.#point(null));
    this.#scroller.addEventListener('pointerleave', () => this.#point(null));
    new ResizeObserver(() => this.#measure()).observe(this.#scroller);
  }

  /** Whether someone is reading here, so that rows had better keep their places. */
  get isHeld(): boolean {
    return this.#scroller.matches(':hover, :focus-visible');
  }

  /** The vehicles of the rows in sight, and of a few beside them. */
  inSight(): readonly Vehicle[] {
    const { first, end } = visibleRows(this.#viewport, ROW_HEIGHT_PX, this.#vehicles.length, SPARE_ROWS);
    return this.#vehicles.slice(first, end);
  }

  focus(): void {
    this.#scroller.focus();
  }

  /** Whom the text of the search means. */
  pickMeant(text: string): void {
    const meant = meantBy(text, this.#vehicles);
    if (meant !== undefined) this.#options.onPick(meant.id);
  }

  /** `emptyText` explains a list without rows. */
  arrange(vehicles: readonly Vehicle[], search: Search, emptyText: string): void {
    this.#search = search;
    const top = this.#vehicles[Math.floor(this.#viewport.scrollTop / ROW_HEIGHT_PX)];
    const active = this.#vehicles[this.#active];
    const before = this.#vehicles;
    this.#vehicles = vehicles;
    this.#active = clamp(indexNear(vehicles, active, this.#active), 0, Math.max(0, vehicles.length - 1));
    if (before.length !== vehicles.length) this.#canvas.style.height = `${vehicles.length * ROW_HEIGHT_PX}px`;
    this.#empty.textContent = vehicles.length === 0 ? emptyText : '';
    this.#keepInPlace(before, top);
    this.refresh(this.#nowMs);
  }

  /** Fills the rows in sight; `nowMs` by the server's clock. */
  refresh(nowMs: number): void {
    this.#nowMs = nowMs;
    const range = visibleRows(this.#viewport, ROW_HEIGHT_PX, this.#vehicles.length, SPARE_ROWS);
    this.#provideRows(range.end - range.first);
    this.#rows.forEach((row, slot) => {
      this.#fill(row, indexInSlot(slot, this.#rows.length, range));
    });
    this.#announceActive(range.first, range.end);
  }

  /** With `reveal`, scrolls to the row. */
  select(ids: readonly number[], { reveal }: { readonly reveal: boolean }): void {
    this.#selected = ids;
    const index = ids.length === 1 ? this.#vehicles.findIndex(({ id }) => id === ids[0]) : -1;
    if (index >= 0) this.#active = index;
    if (index >= 0) this.#anchor = index;
    if (reveal && index >= 0) this.#reveal(index);
    this.refresh(this.#nowMs);
  }

  /** Pointed at elsewhere; null: none. */
  hover(id: number | null): void {
    this.#hovered = id;
    this.refresh(this.#nowMs);
  }

  #fill(row: VehicleRow, index: number | null): void {
    const vehicle = index === null ? undefined : this.#vehicles[index];
    if (index === null || vehicle === undefined) {
      row.hide();
      return;
    }
    row.show(vehicle, {
      unread: this.#options.unread(vehicle.info.slug),
      search: this.#search,
      day: this.#options.day(vehicle.info.slug),
      nowMs: this.#nowMs,
    });
    row.place({
      index,
      count: this.#vehicles.length,
      isSelected: this.#selected.includes(vehicle.id),
      isHovered: vehicle.id === this.#hovered,
      isActive: index === this.#active,
    });
  }

  #provideRows(count: number): void {
    while (this.#rows.length < count) {
      const row = new VehicleRow(`vehicle-row-${this.#rows.length}`, ROW_HEIGHT_PX);
      this.#rows.push(row);
      this.#canvas.append(row.element);
    }
  }

  #announceActive(first: number, end: number): void {
    const isInSight = this.#active >= first && this.#active < end;
    const row = isInSight ? this.#rows[this.#active % this.#rows.length] : undefined;
    const id = row?.element.id ?? null;
    if (this.#scroller.getAttribute('aria-activedescendant') === id) return;
    if (id === null) this.#scroller.removeAttribute('aria-activedescendant');
    else this.#scroller.setAttribute('aria-activedescendant', id);
  }

  #measure(): void {
    this.#viewport = { scrollTop: this.#scroller.scrollTop, height: this.#scroller.clientHeight };
    this.refresh(this.#nowMs);
  }

  #keepInPlace(before: readonly Vehicle[], top: Vehicle | undefined): void {
    if (top === undefined || this.#viewport.scrollTop === 0) return;
    const was = before.indexOf(top);
    const is = indexNear(this.#vehicles, top, was);
    // A row that went far away is let go: following it would move all others.
    if (is < 0 || Math.abs(is - was) > this.#rows.length) return;
    this.#scrollTo(scrollTopToKeep(this.#viewport.scrollTop, was, is, ROW_HEIGHT_PX));
  }

  #reveal(index: number): void {
    this.#scrollTo(scrollTopToShow(index, this.#viewport, ROW_HEIGHT_PX));
  }

  #scrollTo(scrollTop: number): void {
    if (scrollTop === this.#viewport.scrollTop) return;
    this.#scroller.scrollTop = scrollTop;
    this.#viewport = { ...this.#viewport, scrollTop };
  }

  #click(event: MouseEvent): void {
    const id = this.#rowOf(event)?.vehicleId ?? null;
    const index = this.#vehicles.findIndex((vehicle) => vehicle.id === id);
    if (id === null || index < 0) return;
    this.#active = index;
    if (event.shiftKey) this.#chooseTo(index);
    else if (event.ctrlKey || event.metaKey) this.#toggle(id, index);
    else this.#options.onPick(id);
  }

  #rowOf({ target }: Event): VehicleRow | undefined {
    const element = target instanceof Element ? target.closest('.row') : null;
    return this.#rows.find((row) => row.element === element);
  }

  #point(id: number | null): void {
    if (id === this.#pointed) return;
    this.#pointed = id;
    this.#options.onHover(id);
  }

  #press(event: KeyboardEvent): void {
    const isWithKey = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const vehicle = this.#vehicles[this.#active];
      if (vehicle === undefined) return;
      if (isWithKey) this.#toggle(vehicle.id, this.#active);
      else this.#options.onPick(vehicle.id);
      return;
    }
    if (isWithKey && event.key === 'a') {
      event.preventDefault();
      this.#options.onChoose(this.#vehicles.map(({ id }) => id));
      return;
    }
    const page = Math.max(1, Math.floor(this.#viewport.height / ROW_HEIGHT_PX) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.#vehicles.length,
      End: this.#vehicles.length,
    };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#active = clamp(this.#active + by, 0, Math.max(0, this.#vehicles.length - 1));
    this.#reveal(this.#active);
    if (event.shiftKey) this.#chooseTo(this.#active);
    this.refresh(this.#nowMs);
    this.#point(this.#vehicles[this.#active]?.id ?? null);
  }

  #toggle(id: number, index: number): void {
    this.#anchor = index;
    this.#options.onChoose(toggled(this.#selected, id));
  }

  #chooseTo(index: number): void {
    this.#options.onChoose(between(this.#vehicles, this.#anchor, index));
  }
}

/** Most re-arrangements leave a vehicle where it was: look there first. -1 when it is gone. */
function indexNear(vehicles: readonly Vehicle[], vehicle: Vehicle | undefined, guess: number): number {
  if (vehicle === undefined) return -1;
  return vehicles[guess] === vehicle ? guess : vehicles.indexOf(vehicle);
}
