/** One row of the list; kept and filled anew as vehicles scroll by. */

import type { DayStrip } from '../day-book.ts';
import type { Search } from '../fleet-search.ts';
import type { Vehicle } from '../fleet-store.ts';
import { ageText, speedText } from '../format.ts';
import { kindText } from '../kind-text.ts';
import { isOffDuty } from '../off-duty.ts';
import type { VehicleInfo } from '../protocol.ts';
import { ALARM } from '../status.ts';
import { statusText } from '../status-text.ts';
import { t } from '../texts.ts';
import { DayLine } from './day-line.ts';
import { h, Text } from './dom.ts';
import { HitText } from './hit-text.ts';
import { StatusIcon } from './icons.ts';

export interface RowState {
  readonly index: number;
  readonly count: number;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  /** Pointed at on the map. */
  readonly isHovered: boolean;
}

export interface RowContext {
  /** Messages of its driver that nobody has read. */
  readonly unread: number;
  readonly search: Search;
  /** Null: not known yet. */
  readonly day: DayStrip | null;
  readonly nowMs: number;
}

export class VehicleRow {
  readonly element: HTMLElement;
  readonly #icon = new StatusIcon();
  readonly #name = new HitText('row-name');
  readonly #unread = new Text();
  readonly #plate = new HitText('row-plate');
  readonly #status = new Text();
  readonly #speed = new Text();
  readonly #age = new Text();
  readonly #day = new DayLine();
  #state: RowState | null = null;
  vehicleId: number | null = null;

  constructor(
    id: string,
    private readonly rowHeight: number,
  ) {
    const status = h('span', { class: 'visually-hidden' }, this.#status.node);
    const badge = h('span', { class: 'badge', title: t('Unread messages') }, this.#unread.node);
    this.element = h(
      'div',
      { id, role: 'option', class: 'row' },
      h('span', { class: 'row-icon' }, this.#icon.element),
      h(
        'span',
        { class: 'row-main' },
        h('span', { class: 'row-head' }, this.#name.element, badge),
        this.#plate.element,
      ),
      status,
      h('span', { class: 'row-speed' }, this.#speed.node),
      h('span', { class: 'row-age' }, this.#age.node),
      this.#day.element,
    );
  }

  show(vehicle: Vehicle, { unread, search, day, nowMs }: RowContext): void {
    const isOff = isOffDuty(vehicle.info) && vehicle.status !== ALARM;
    const status = isOff ? t('off duty') : statusText(vehicle.status);
    this.vehicleId = vehicle.id;
    if (this.element.hidden) this.element.hidden = false;
    this.#icon.show(vehicle.status, vehicle.headingDeg);
    this.#name.show(vehicle.info.name, search.words);
    this.#plate.show([...secondLine(vehicle.info), ...search.regionsOf(vehicle)].join(' · '), search.words);
    this.#unread.show(unread === 0 ? '' : String(unread));
    this.#status.show(`, ${status}, `);
    this.#speed.show(vehicle.status === 1 && !isOff ? speedText(vehicle.speedMps) : status);
    this.#age.show(ageText(nowMs - vehicle.fixTimeMs));
    const words = this.#day.show(day, nowMs);
    if (words !== null) this.element.setAttribute('aria-description', words);
  }

  hide(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.vehicleId = null;
  }

  place(state: RowState): void {
    const before = this.#state;
    this.#state = state;
    if (before?.index !== state.index) {
      this.element.style.transform = `translateY(${state.index * this.rowHeight}px)`;
      this.element.setAttribute('aria-posinset', String(state.index + 1));
    }
    if (before?.count !== state.count) this.element.setAttribute('aria-setsize', String(state.count));
    if (before?.isSelected !== state.isSelected) {
      this.element.setAttribute('aria-selected', String(state.isSelected));
    }
    if (before?.isActive !== state.isActive) this.element.classList.toggle('is-active', state.isActive);
    if (before?.isHovered !== state.isHovered) this.element.classList.toggle('is-hovered', state.isHovered);
  }
}

/** What tells it apart, and who drives; the name is above already. */
function secondLine({ name, plate, slug, kind, driver }: VehicleInfo): string[] {
  return [plate || (slug === name ? kindText(kind) : slug), ...(driver === undefined ? [] : [driver])];
}
