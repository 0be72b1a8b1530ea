/** What is known of the selected vehicle. */
import { type Battery, isLow } from '../battery.ts';
import type { Vehicle } from '../fleet-store.ts';
import { ageText, courseText, momentText, positionText, speedText } from '../format.ts';
import { kindText } from '../kind-text.ts';
import { statusText } from '../status-text.ts';
import { mark, t } from '../texts.ts';
import { h, Text } from './dom.ts';
import { icon, StatusIcon } from './icons.ts';

export interface VehicleCardOptions {
  readonly container: HTMLElement;
  onFollow(): void;
  /** Left out for who may not share. */
  onShare?: (() => void) | undefined;
  onClose(): void;
}

const FACTS = {
  speed: mark('Speed'),
  course: mark('Course'),
  lastFix: mark('Last fix'),
  plate: mark('Plate'),
  kind: mark('Kind'),
  fixTime: mark('Fix time'),
  battery: mark('Battery'),
  driver: mark('Driver'),
  position: mark('Position'),
};
type Fact = keyof typeof FACTS;
const ORDER = Object.keys(FACTS) as Fact[];

/** A telephone shows the first three only. */
const LOOKS: Readonly<Record<Fact, string>> = {
  speed: '',
  course: '',
  lastFix: '',
  plate: 'is-second',
  kind: 'is-second',
  fixTime: 'is-second',
  battery: 'is-second',
  driver: 'is-second is-wide',
  position: 'is-second is-wide',
};

export interface CardState {
  /** Null: not known. */
  readonly battery: Battery | null;
  /** By the server's clock. */
  readonly nowMs: number;
  readonly isFollowed: boolean;
  /** Where its history of then is. */
  readonly historyHref: string;
}

export class VehicleCard {
  readonly #element: HTMLElement;
  readonly #icon = new StatusIcon();
  readonly #name = new Text();
  readonly #status = new Text();
  readonly #facts = new Map<Fact, Text>(ORDER.map((fact) => [fact, new Text()]));
  readonly #follow: HTMLButtonElement;
  /** Leads to the vehicle's own page. */
  readonly #link = h('a', {}, this.#name.node);
  readonly #past = h(
    'a',
    { class: 'button is-bare', 'aria-label': t('History'), title: t('History') },
    icon('past'),
  );

  constructor({ container, onFollow, onShare, onClose }: VehicleCardOptions) {
    this.#follow = h(
      'button',
      {
        type: 'button',
        class: 'button card-follow',
        'aria-keyshortcuts': 'f',
        'aria-label': t('Follow'),
        title: `${t('Follow')} (f)`,
      },
      icon('follow'),
    );
    this.#follow.addEventListener('click', onFollow);
    const close = h(
      'button',
      { type: 'button', class: 'button is-bare', 'aria-label': t('Close') },
      icon('close'),
    );
    close.addEventListener('click', onClose);
    const title = h('h2', {}, this.#link);
    const status = h('span', { class: 'card-status' }, this.#status.node);
    const share = onShare === undefined ? [] : [shareButton(onShare)];
    const head = h(
      'header',
      {},
      this.#icon.element,
      h('div', {}, title, status),
      h('span', { class: 'card-buttons' }, this.#follow, this.#past, ...share, close),
    );
    this.#element = h('section', { class: 'card', 'aria-label': t('Selected vehicle'), hidden: true }, head);
    this.#element.append(h('dl', {}, ...ORDER.map((fact) => this.#fact(fact))));
    container.append(this.#element);
  }

  show(vehicle: Vehicle | undefined, { battery, nowMs, isFollowed, historyHref }: CardState): void {
    if (this.#element.hidden !== (vehicle === undefined)) this.#element.hidden = vehicle === undefined;
    if (vehicle === undefined) return;
    this.#icon.show(vehicle.status, vehicle.headingDeg);
    this.#name.show(vehicle.info.name);
    lead(this.#link, `/vehicles/${vehicle.info.slug}`);
    lead(this.#past, historyHref);
    this.#status.show(statusLine(vehicle, battery, nowMs));
    this.#say('speed', speedText(vehicle.speedMps));
    this.#say('course', courseText(vehicle.courseDeg));
    this.#say('lastFix', t('{age} ago', { age: ageText(nowMs - vehicle.fixTimeMs) }));
    this.#say('fixTime', momentText(vehicle.fixTimeMs, nowMs));
    this.#say('battery', battery === null ? '' : `${battery.percent} %`);
    this.#say('position', positionText(vehicle.lat, vehicle.lon));
    this.#say('plate', vehicle.info.plate);
    this.#say('driver', vehicle.info.driver ?? '');
    this.#say('kind', kindText(vehicle.info.kind));
    this.#follow.setAttribute('aria-pressed', String(isFollowed));
  }

  #fact(fact: Fact): HTMLElement {
    const value = h('dd', {}, this.#facts.get(fact)?.node ?? '');
    return h('div', { class: LOOKS[fact] }, h('dt', {}, t(FACTS[fact])), value);
  }

  #say(fact: Fact, text: string): void {
    this.#facts.get(fact)?.show(text || '–');
  }
}

function statusLine({ status, info }: Vehicle, battery: Battery | null, nowMs: number): string {
  const since = info.off_duty_since;
  const offDuty = since === undefined ? [] : [t('off duty since {time}', { time: momentText(since, nowMs) })];
  const low =
    battery !== null && isLow(battery) ? [t('battery low, {percent} %', { percent: battery.percent })] : [];
  return [statusText(status), ...offDuty, ...low].join(' · ');
}

function shareButton(onShare: () => void): HTMLButtonElement {
  const label = t('Share this vehicle');
  const button = h(
    'button',
    { type: 'button', class: 'button is-bare', 'aria-label': label, title: label },
    icon('share'),
  );
  button.addEventListener('click', onShare);
  return button;
}

function lead(link: HTMLAnchorElement, address: string): void {
  if (link.getAttribute('href') !== address) link.setAttribute('href', address);
}
