import { describe, expect, it } from 'vitest';
import { Meter } from '../../src/lab/meter.ts';
import type { Passage } from '../../src/lab/way.ts';

function makePassage(more: Partial<Passage> = {}): Passage {
  return {
    direction: 'down',
    isRequest: false,
    headerBytes: 0,
    payloadBytes: 0,
    head: '',
    body: '',
    ...more,
  };
}

describe('Meter', () => {
  it('knows nothing of age and price before the first update', () => {
    const { bytesPerUpdate, arrivalMs, replacedMs } = new Meter().figures();
    expect([bytesPerUpdate, arrivalMs.p50, replacedMs.p99]).toEqual([null, null, null]);
  });

  it('counts requests, and bytes by direction and kind', () => {
    const meter = new Meter();
    meter.note(makePassage({ direction: 'up', isRequest: true, headerBytes: 600 }));
    meter.note(makePassage({ headerBytes: 100, payloadBytes: 2000 }));
    meter.note(makePassage({ direction: 'up', headerBytes: 6, payloadBytes: 24 }));
    const { requests, up, down } = meter.figures();
    expect({ requests, up, down }).toEqual({
      requests: 1,
      up: { headers: 606, payload: 24 },
      down: { headers: 100, payload: 2000 },
    });
  });

  it('divides all bytes by the updates', () => {
    const meter = new Meter();
    meter.note(makePassage({ headerBytes: 100, payloadBytes: 300 }));
    meter.noteUpdates([
      { arrivalAgeMs: 100, replacedAgeMs: null },
      { arrivalAgeMs: 300, replacedAgeMs: 1300 },
    ]);
    expect(meter.figures()).toMatchObject({
      updates: 2,
      bytesPerUpdate: 200,
      arrivalMs: { p50: 100, p99: 300 },
      replacedMs: { p50: 1300, p99: 1300 },
    });
  });
});
