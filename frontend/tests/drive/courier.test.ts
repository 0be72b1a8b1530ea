import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Courier } from '../../src/drive/courier.ts';
import { type Duty, ON_DUTY, switched } from '../../src/drive/duty.ts';
import { Outbox } from '../../src/drive/outbox.ts';
import { BATCH_FIXES } from '../../src/drive/outbox-rules.ts';
import type { Answer, Question } from '../../src/protocol.ts';
import { makeFix } from './make-fix.ts';

vi.setConfig({ testTimeout: 30_000 });

const TAKEN = { stored: 1, duplicates: 0, refused: [] };

let outbox: Outbox;
/** What was asked for over HTTP, and how it is answered. */
let posted: [path: string, body: unknown][];
let answers: Record<string, [status: number, body: unknown]>;
let vehicles: string[];

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  outbox = await Outbox.open();
  posted = [];
  vehicles = [];
  answers = { fixes: [200, TAKEN], duty: [200, { off_duty_since: null }] };
  vi.stubGlobal('fetch', async (url: string, { body }: RequestInit) => {
    const path = url.replace('/api/v1/', '');
    posted.push([path, body === undefined ? null : JSON.parse(String(body))]);
    const [status, answer] = answers[path] ?? [404, {}];
    return new Response(JSON.stringify(answer), { status });
  });
});

afterEach(() => vi.unstubAllGlobals());

interface Live {
  readonly duty?: Duty;
  /** Null: no live connection. */
  readonly ask?: ((question: Question) => Promise<Answer>) | null;
}

function makeCourier({ duty = ON_DUTY, ask = null }: Live = {}): Courier {
  return new Courier({
    ...{ outbox, token: 'token', duty, changed: () => undefined },
    identified: (vehicle) => void vehicles.push(vehicle),
    transport: () => (ask === null ? null : 'websocket'),
    ask: async (question) => (ask === null ? null : ask(question)),
  });
}

async function fill(count: number): Promise<void> {
  for (let atS = 0; atS < count; atS += 1) await outbox.append(makeFix({ atS }));
}

function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000 });
}

function times(body: unknown): number[] {
  return (body as { fix_time: number }[]).map(({ fix_time }) => (fix_time - makeFix().fix_time) / 1000);
}

describe('what waits', () => {
  it('goes in batches, the newest first, and is gone once it is acknowledged', async () => {
    await fill(BATCH_FIXES + 2);
    const courier = makeCourier();
    courier.run();
    await until(() => expect(outbox.count).toBe(0));
    const [first, second] = posted.map(([, body]) => times(body));
    expect([first?.[0], first?.at(-1), second]).toEqual([2, BATCH_FIXES + 1, [0, 1]]);
    expect(courier.way).toBe('http');
  });

  it('goes over the live connection while there is one', async () => {
    await fill(1);
    const asked: Question[] = [];
    const courier = makeCourier({
      ask: async (question) => {
        asked.push(question);
        return { type: 'ok', id: 1, result: TAKEN };
      },
    });
    courier.run();
    await until(() => expect(outbox.count).toBe(0));
    expect([asked[0]?.type, posted, courier.way]).toEqual(['report', [], 'websocket']);
  });

  it('stays while nobody says that it is stored', async () => {
    await fill(3);
    answers.fixes = [503, { code: 'busy', detail: 'Too many fixes wait.' }];
    const courier = makeCourier();
    courier.run();
    await until(() => expect(courier.delivery.reason).toBe('Too many fixes wait.'));
    expect(outbox.count).toBe(3);
    answers.fixes = [200, TAKEN];
    courier.nudge();
    await until(() => expect(outbox.count).toBe(0));
  });

  it('stays when the phone was unpaired, and is not tried again', async () => {
    await fill(3);
    answers.fixes = [401, { code: 'not_authenticated', detail: 'No.' }];
    const courier = makeCourier();
    courier.run();
    await until(() => expect(courier.isUnpaired).toBe(true));
    courier.nudge();
    expect([outbox.count, posted.length]).toEqual([3, 1]);
  });

  it('is told when it was refused', async () => {
    await fill(2);
    const refused = [{ index: 1, reason: 'off_duty', detail: 'The driver was off duty.' }];
    answers.fixes = [200, { ...TAKEN, refused }];
    answers.duty = [200, { off_duty_since: '2026-11-26T12:00:00Z' }];
    const courier = makeCourier();
    courier.run();
    await until(() => expect(courier.duty.offSinceMs).toBe(Date.parse('2026-11-26T12:00:00Z')));
    expect([courier.refused, outbox.count]).toEqual([{ count: 1, reason: 'off_duty' }, 0]);
  });
});

describe('a switch of duty', () => {
  it('is told before any fix is sent, and kept until then', async () => {
    await fill(1);
    const courier = makeCourier();
    await courier.setDuty(switched(ON_DUTY, Date.now(), null));
    await until(() => expect(outbox.count).toBe(0));
    expect(posted.map(([path]) => path)).toEqual(['duty', 'fixes']);
    expect(courier.duty.untold).toEqual([]);
  });

  it('keeps all fixes waiting while it is not heard', async () => {
    await fill(1);
    answers.duty = [
      422,
      { code: 'invalid_parameter', detail: 'time: may be at most 600 s ahead of the server' },
    ];
    const courier = makeCourier();
    await courier.setDuty(switched(ON_DUTY, Date.now(), null));
    await until(() => expect(courier.delivery.reason).toContain('600 s ahead'));
    expect([outbox.count, courier.duty.untold.length]).toEqual([1, 1]);
    expect(await outbox.find('duty')).toEqual(courier.duty);
  });
});

it('hears what the vehicle is called now', async () => {
  answers.duty = [200, { vehicle: 'van-9', off_duty_since: null }];
  makeCourier().askDuty();
  await until(() => expect(vehicles).toEqual(['van-9']));
});
