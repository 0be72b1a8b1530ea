/** Sends what waits: switches of duty first, then fixes, the newest first. Moves between outbox and network; `delivery.ts` decides. */
import type { Answer, Question } from '../protocol.ts';
import type { TransportName } from '../transports/transport.ts';
import { getDuty, offSinceMs, postFixes, postSwitches, vehicleOf } from './api.ts';
import { AT_REST, begun, type Delivery, isDue, nudged, outcomeOf, settled } from './delivery.ts';
import { type Duty, heard, tellable, told } from './duty.ts';
import type { Outbox } from './outbox.ts';
import { BATCH_FIXES } from './outbox-rules.ts';
import type { Way } from './words.ts';

export interface CourierParts {
  readonly outbox: Outbox;
  readonly token: string;
  readonly duty: Duty;
  /** Of the live connection; null while there is none. */
  transport(): TransportName | null;
  ask(question: Question): Promise<Answer>;
  changed(): void;
  /** Whose device it is, as the server calls the vehicle now. */
  identified(vehicle: string): void;
}

export interface Refused {
  readonly count: number;
  readonly reason: string;
}

const NO_RIGHT = 'not_authenticated';

export class Courier {
  readonly #parts: CourierParts;
  #delivery: Delivery = AT_REST;
  #duty: Duty;
  #isDutyAsked = false;
  way: Way | null = null;
  /** When something last got through. */
  sentAtMs = 0;
  refused: Refused | null = null;
  isUnpaired = false;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#duty = parts.duty;
  }

  get delivery(): Delivery {
    return this.#delivery;
  }

  get duty(): Duty {
    return this.#duty;
  }

  async setDuty(duty: Duty): Promise<void> {
    this.#duty = duty;
    await this.#parts.outbox.keep('duty', duty);
    this.#parts.changed();
    this.run();
  }

  /** The network or the page came back. */
  nudge(): void {
    this.#delivery = nudged(this.#delivery);
    this.run();
  }

  /** Asks the server too, where another of the vehicle's phones may have switched. */
  askDuty(): void {
    this.#isDutyAsked = true;
    this.run();
  }

  /** As often as you like. */
  run(): void {
    if (this.isUnpaired || !isDue(this.#delivery, Date.now())) return;
    if (this.#duty.untold.length > 0) void this.#deliver(() => this.#sendSwitches());
    else if (this.#parts.outbox.count > 0) void this.#deliver(() => this.#sendFixes());
    else if (this.#isDutyAsked) void this.#deliver(() => this.#fetchDuty());
  }

  async #deliver(send: () => Promise<Answer>): Promise<void> {
    this.#delivery = begun(this.#delivery, Date.now());
    const outcome = outcomeOf(await send().catch(() => null));
    this.isUnpaired = outcome.kind === 'unpaired';
    this.#delivery = settled(this.#delivery, outcome, Date.now(), Math.random());
    this.#parts.changed();
    if (outcome.kind !== 'taken') return;
    this.sentAtMs = Date.now();
    this.run();
  }

  async #sendFixes(): Promise<Answer> {
    const { outbox, token, transport, ask } = this.#parts;
    const fixes = await outbox.newest(BATCH_FIXES);
    const live = transport();
    const answer = live === null ? await postFixes(token, fixes) : await ask({ type: 'report', fixes });
    const outcome = outcomeOf(answer);
    if (outcome.kind !== 'taken') return answer;
    this.way = live ?? 'http';
    await outbox.remove(fixes);
    const [last] = outcome.refused.slice(-1);
    if (last !== undefined) {
      const count = (this.refused?.count ?? 0) + outcome.refused.length;
      this.refused = { count, reason: last.reason };
      this.#isDutyAsked ||= last.reason === 'off_duty';
    }
    return answer;
  }

  async #sendSwitches(): Promise<Answer> {
    const { token, outbox } = this.#parts;
    const switches = tellable(this.#duty, Date.now());
    const answer = await postSwitches(token, switches);
    if (answer?.type === 'ok') {
      this.#duty = heard(this.#duty, switches.length);
      await outbox.keep('duty', this.#duty);
    }
    return answer;
  }

  async #fetchDuty(): Promise<Answer> {
    const answer = await getDuty(this.#parts.token);
    const since = offSinceMs(answer);
    if (since !== undefined) {
      this.#isDutyAsked = false;
      this.#duty = told(this.#duty, since);
      await this.#parts.outbox.keep('duty', this.#duty);
    }
    const vehicle = vehicleOf(answer);
    if (vehicle !== null) this.#parts.identified(vehicle);
    if (answer?.type === 'error' && answer.code !== NO_RIGHT) this.#isDutyAsked = false;
    return answer;
  }
}
