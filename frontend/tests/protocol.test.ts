import { describe, expect, it } from 'vitest';
import { ROW_FIELDS } from '../src/message-guards.ts';
import { decodeMessage } from '../src/protocol.ts';
import {
  makeDelta,
  makeEvent,
  makeInfo,
  makePresence,
  makeReport,
  makeRow,
  makeSnapshot,
  makeWelcome,
} from './helpers.ts';

const snapshot = { ...makeSnapshot({ rows: [makeRow(1, 1000)] }), fields: ROW_FIELDS };
const delta = makeDelta({ rows: [makeRow(1, 1000, { status: null })], gone: [7] });

function kindOf(value: unknown): string {
  return decodeMessage(JSON.stringify(value)).kind;
}

describe('decodeMessage', () => {
  it.each([
    makeWelcome(),
    makeWelcome({ expires_in_s: 900 }),
    snapshot,
    delta,
    { type: 'heartbeat', server_time: 5, bus: 'stale' },
    { type: 'ok', id: 1, result: {} },
    makeEvent(),
    makeEvent({ vehicles: { 1: makeInfo(1) } }),
    makePresence([{ connections: 0, transports: [], since: null, last_seen: 9 }]),
    { type: 'ops', channel: 'admin:ops', time: 1, processes: [makeReport(10)] },
    { type: 'kick', channel: 'region:haga', code: 'forbidden' },
    { type: 'error', id: null, channel: 'region:x', code: 'unknown_channel', reason: 'where?' },
    { type: 'error', id: null, code: 'rate', reason: 'slow down', retry_after_s: 1 },
    { type: 'bye', code: 4000, reason: 'drain', retry_ms: null, resume: true },
  ])('accepts $type', (message) => {
    expect(decodeMessage(JSON.stringify(message))).toEqual({ kind: 'message', message });
  });

  it('ignores fields it does not know', () => {
    expect(kindOf({ ...delta, colour_of_the_day: 'blue' })).toBe('message');
    expect(
      kindOf({ ...snapshot, fields: [...ROW_FIELDS, 'accuracy_m'], rows: [[...makeRow(1, 2), 5]] }),
    ).toBe('message');
  });

  it('calls types it does not know strange', () => {
    expect(kindOf({ type: 'sing' })).toBe('strange');
    expect(kindOf({ type: 'toString' })).toBe('strange');
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['an array', '[]'],
    ['no type', '{}'],
    ['a welcome without heartbeat', JSON.stringify({ ...makeWelcome(), heartbeat_s: 0 })],
    ['a snapshot in another order', JSON.stringify({ ...snapshot, fields: [...ROW_FIELDS].reverse() })],
    ['a short row', JSON.stringify({ ...delta, rows: [[1, 2, 3]] })],
    ['a row without a latitude', JSON.stringify({ ...delta, rows: [[1, 2, null, 4, 5, 6, 1]] })],
    [
      'a vehicle without a name',
      JSON.stringify({ ...delta, vehicles: { 1: { ...makeInfo(1), name: null } } }),
    ],
    ['gone as text', JSON.stringify({ ...delta, gone: ['7'] })],
    ['an event without an id', JSON.stringify({ ...makeEvent(), event_id: null })],
    ['an event with a nameless vehicle', JSON.stringify({ ...makeEvent(), vehicles: { 1: {} } })],
    ['somebody without a name', JSON.stringify({ ...makePresence([{}]), people: [{ who: 'user:1' }] })],
    [
      'a process without counters',
      JSON.stringify({
        type: 'ops',
        channel: 'a',
        time: 1,
        processes: [{ ...makeReport(1), counters: null }],
      }),
    ],
    ['a bye without resume', JSON.stringify({ type: 'bye', code: 1, reason: '', retry_ms: 5 })],
  ])('calls %s broken', (_what, text) => {
    expect(decodeMessage(text).kind).toBe('broken');
  });
});
